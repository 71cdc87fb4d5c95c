// What comes over the wire, if it is a frame: a proxy, a portal of the wireless or a newer server may say anything.
import type { ServerFrame } from '../protocol.gen'

type Kind = 'number' | 'string' | 'object' | 'list'
type Shape = Readonly<Record<string, Kind>>

/** The fields without which a frame cannot be heeded. */
const SHAPES: Readonly<Record<ServerFrame['t'], Shape>> = {
  welcome: { seq: 'number', position: 'number' },
  changed: { since: 'number', until: 'number', tasks: 'list', gone: 'list' },
  committed: { op_id: 'string', seq: 'number' },
  rejected: { op_id: 'string', seq: 'number', code: 'string', facts: 'object' },
  expected: { seq: 'number' },
  progress: { waves: 'list', pickers: 'list', stations: 'list', refusals: 'list' },
  notice: { code: 'string', facts: 'object' },
  error: { code: 'string', facts: 'object' },
  pong: { n: 'number', at: 'number' },
}
const TASK: Shape = { id: 'string', kind: 'string', state: 'string', slots: 'list', lines: 'list' }

type Fields = Readonly<Record<string, unknown>>

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function has(value: unknown, shape: Shape): value is Fields {
  if (!isObject(value)) return false
  const is = (each: unknown, kind: Kind): boolean =>
    kind === 'list' ? Array.isArray(each) : kind === 'object' ? isObject(each) : typeof each === kind
  return Object.entries(shape).every(([name, kind]) => is(value[name], kind))
}

/** Read a message; undefined where it is no frame of this protocol. */
export function readFrame(data: string): ServerFrame | undefined {
  let value: unknown
  try {
    value = JSON.parse(data)
  } catch {
    return undefined
  }
  const shape = isObject(value) && Object.hasOwn(SHAPES, String(value['t'])) ? SHAPES[value['t'] as ServerFrame['t']] : undefined
  if (!shape || !has(value, shape)) return undefined
  const tasks = value['t'] === 'changed' ? (value['tasks'] as unknown[]) : []
  return tasks.every((task) => has(task, TASK)) ? (value as unknown as ServerFrame) : undefined
}
