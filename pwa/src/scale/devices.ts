// Web Serial and WebHID, as far as a scale needs them; only some browsers have them, and TypeScript does not know them.
export interface SerialPort extends EventTarget {
  readonly readable: ReadableStream<Uint8Array> | null
  readonly writable: WritableStream<Uint8Array> | null
  open(how: { baudRate: number }): Promise<void>
  close(): Promise<void>
}
export interface Serial extends EventTarget {
  getPorts(): Promise<SerialPort[]>
  requestPort(): Promise<SerialPort>
}
export interface HidReport extends Event {
  readonly data: DataView
}
export interface HidDevice extends EventTarget {
  readonly opened: boolean
  readonly productName: string
  readonly collections: readonly { readonly usagePage: number }[]
  open(): Promise<void>
  close(): Promise<void>
}
export interface Hid extends EventTarget {
  getDevices(): Promise<HidDevice[]>
  requestDevice(how: { filters: readonly { usagePage: number }[] }): Promise<HidDevice[]>
}

const here = globalThis.navigator as (Navigator & { readonly serial?: Serial; readonly hid?: Hid }) | undefined
export const serial: Serial | undefined = here?.serial
export const hid: Hid | undefined = here?.hid
