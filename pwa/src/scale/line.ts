// Read a scale until it is unplugged: over a serial line, or as a USB device.
import type { Hid, HidDevice, HidReport, SerialPort } from './devices'
import { parse } from './hid'
import { ASK } from './mtsics'
import type { Shown } from './reading'
import { Stream } from './stream'

const BAUD = 9_600
const PERIOD_MS = 200
export type Show = (shown: Shown) => void

/** Ask, and listen; a scale that speaks by itself is not asked any more. */
export async function readSerial(port: SerialPort, show: Show): Promise<void> {
  if (!port.readable) await port.open({ baudRate: BAUD })
  const reader = port.readable!.getReader()
  const writer = port.writable!.getWriter()
  const stream = new Stream()
  const ask = (): void => void (stream.unasked || writer.write(ASK).catch(() => undefined))
  const asking = setInterval(ask, PERIOD_MS)
  ask()
  try {
    for (let got = await reader.read(); !got.done; got = await reader.read()) stream.push(got.value).forEach(show)
  } finally {
    clearInterval(asking)
    reader.releaseLock()
    writer.releaseLock()
    await port.close().catch(() => undefined)
  }
}

export async function readHid(hid: Hid, device: HidDevice, show: Show): Promise<void> {
  if (!device.opened) await device.open()
  const heard = (event: Event): void => {
    try {
      show(parse((event as HidReport).data))
    } catch {
      // A report of something else, or a fault that the scale itself shows.
    }
  }
  device.addEventListener('inputreport', heard)
  await new Promise<void>((resolve) => {
    const gone = (event: Event): void => {
      if ((event as Event & { device?: HidDevice }).device !== device) return
      hid.removeEventListener('disconnect', gone)
      resolve()
    }
    hid.addEventListener('disconnect', gone)
  })
  device.removeEventListener('inputreport', heard)
}
