import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WebSocket as NodeSocket } from 'ws'
import { openDatabase, type Database } from '../src/link/database'
import { Link } from '../src/link/link'
import type { Listener } from '../src/link/listener'
import type { Command } from '../src/protocol.gen'
import { line, task } from './make'
import { Server } from './server'

const TIMING = { ping: 60, answer: 60, pauses: [20] }
const bin: Command = { do: 'scan', task: 'T', line: 'L', step: 'bin', code: 'A-01-1' }
const pen: Command = { do: 'scan', task: 'T', line: 'L', step: 'sku', code: 'PEN' }

let server: Server
let database: Database
let links: Link[]
let port = 0
const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 4_000, interval: 10 })

async function open(listener: Listener = {}, now: () => number = Date.now): Promise<Link> {
  const make = (url: string): WebSocket => new NodeSocket(url) as unknown as WebSocket
  const url = `ws://localhost:${port}/live?device=D`
  const link = await Link.open({ url, database, timing: TIMING, make, listener, now })
  links.push(link)
  return link
}
const counted = (link: Link): number | undefined => link.tasks[0]?.lines[0]?.counted

beforeEach(async () => {
  links = []
  server = await Server.open()
  port = server.port
  server.tasks = [task([line()])]
  database = await openDatabase(`test-${Math.random()}`)
})
afterEach(async () => {
  for (const link of links) link.stop()
  await server.close()
})

test('a new device is given a snapshot, is online, and its operations are answered', async () => {
  const link = await open()
  link.start()
  await until(() => expect(link.tasks).toHaveLength(1))
  await link.perform(bin, 'ann')
  expect(link.tasks[0]?.lines[0]?.step).toBe('sku')
  await until(() => expect(link.outbox.waiting).toHaveLength(0))
  expect(link.presence.online).toBe(true)
  expect(link.told.tasks[0]?.lines[0]?.step).toBe('sku')
  expect(server.ops.map((op) => [op.seq, op.by, op.cmd])).toEqual([[1, 'ann', bin]])
})

test('operations made offline survive the app being closed, and go out in order', async () => {
  const online = await open()
  online.start()
  await until(() => expect(online.tasks).toHaveLength(1))
  await until(() => expect(online.presence.online).toBe(true))
  await server.close()
  for (const cmd of [bin, pen, pen]) await online.perform(cmd, 'ann')
  expect(counted(online)).toBe(2)
  online.stop()

  const again = await open()
  expect(again.outbox.waiting.map((each) => each.seq)).toEqual([1, 2, 3])
  expect(counted(again)).toBe(2)
  server = await Server.open(port)
  again.start()
  await until(() => expect(again.outbox.waiting).toHaveLength(0))
  expect(server.ops.map((op) => op.seq)).toEqual([1, 2, 3])
  expect(counted(again)).toBe(2)
})

test('an answer that was lost on the way is asked for again, under the same id', async () => {
  const link = await open()
  link.start()
  await until(() => expect(link.tasks).toHaveLength(1))
  server.deaf = true
  await link.perform(bin, 'ann')
  server.drop()
  server.deaf = false
  await until(() => expect(link.outbox.waiting).toHaveLength(0))
  expect([...server.done.keys()]).toHaveLength(1)
})

test('a socket that is open but dead is found out by its ping', async () => {
  const link = await open()
  link.start()
  await until(() => expect(link.presence.online).toBe(true))
  server.deaf = true
  await until(() => expect(link.presence.online).toBe(false))
  server.deaf = false
  await until(() => expect(link.presence.online).toBe(true))
})

test('a refused operation is kept for a person, and the lines come back as the server has them', async () => {
  const link = await open()
  link.start()
  await until(() => expect(link.tasks).toHaveLength(1))
  server.refuse = () => 'line_cancelled'
  await link.perform(bin, 'ann')
  await until(() => expect(link.outbox.waiting).toHaveLength(0))
  expect(await link.outbox.troubles()).toMatchObject([{ code: 'line_cancelled', op: { cmd: bin } }])
  await until(() => expect(server.frames.filter((frame) => frame.t === 'hello' && frame.position === 0)).toHaveLength(2))
  expect(link.tasks[0]?.lines[0]?.step).toBe('bin')
})

test('a wrong scan that the picker was told of is sent, and needs nobody', async () => {
  const link = await open()
  link.start()
  server.refuse = () => 'wrong_bin'
  await link.perform({ ...bin, code: 'Z-9' } as Command, 'ann', true)
  await until(() => expect(server.ops).toHaveLength(1))
  await until(() => expect(link.outbox.waiting).toHaveLength(0))
  expect(await link.outbox.troubles()).toEqual([])
})

test('a station waits for its answer, good or bad', async () => {
  const link = await open()
  link.start()
  expect(await link.ask({ do: 'release_wave', wave: 'W' }, 'sue')).toMatchObject({ ok: true })
  server.refuse = () => 'not_in_state'
  expect(await link.ask({ do: 'release_wave', wave: 'W' }, 'sue')).toMatchObject({ ok: false, rejected: { code: 'not_in_state' } })
  expect(await link.outbox.troubles()).toEqual([])
})

test('a frame that does not follow makes the device say hello again', async () => {
  const link = await open()
  link.start()
  await until(() => expect(link.told.position).toBe(1))
  server.change([task([line({ step: 'sku' })])], 41)
  await until(() => expect(server.frames.filter((frame) => frame.t === 'hello')).toHaveLength(2))
  expect(server.frames.at(-1)).toMatchObject({ t: 'hello', position: 1 })
})

test('a snapshot waits until the replay has arrived', async () => {
  const link = await open()
  server.refuse = () => ''
  for (const cmd of [bin, pen]) await link.perform(cmd, 'ann')
  server.tasks = []
  link.start()
  await until(() => expect(link.outbox.waiting).toHaveLength(0))
  await until(() => expect(link.told.position).toBe(1))
  const order = server.frames.map((frame) => frame.t).filter((kind) => kind !== 'ping')
  expect(order).toEqual(['hello', 'op', 'op', 'hello'])
})

test('a device whose storage was cleared goes on after the number that the server has', async () => {
  server.seq = 12
  const link = await open()
  link.start()
  await until(() => expect(link.told.position).toBe(1))
  await link.perform(bin, 'ann')
  await until(() => expect(server.ops.map((op) => op.seq)).toEqual([13]))
})

test('a server that lacks operations which are gone is told of the loss', async () => {
  await database.put('kept', 7, 'seq')
  const link = await open()
  link.start()
  await link.perform(bin, 'ann')
  await until(() => expect(link.outbox.waiting).toHaveLength(0))
  expect(server.frames).toContainEqual({ t: 'lost', seq: 8 })
})

test.each(['busy', 'disk_full'])('an operation that is put off (%s) is sent again over the same socket', async (code) => {
  const link = await open()
  link.start()
  await until(() => expect(link.tasks).toHaveLength(1))
  server.putsOff = code
  await link.perform(bin, 'ann')
  await until(() => expect(server.ops).toHaveLength(1))
  server.putsOff = ''
  await until(() => expect(link.outbox.waiting).toHaveLength(0))
  expect(server.frames.filter((frame) => frame.t === 'hello')).toHaveLength(1)
})

test('a server that talks nonsense is asked again, and nothing is lost', async () => {
  let nonsense = 0
  const link = await open({ nonsense: () => (nonsense += 1) })
  link.start()
  await until(() => expect(link.tasks).toHaveLength(1))
  server.deaf = true
  await link.perform(bin, 'ann')
  server.deaf = false
  server.say('<html>Welcome to the wireless of this hotel</html>')
  await until(() => expect(nonsense).toBe(1))
  await until(() => expect(link.outbox.waiting).toHaveLength(0))
  expect([...server.done.keys()]).toHaveLength(1)
})

test('what the server changes by itself is told with what was there before; what is first heard is not', async () => {
  const pushed: number[][] = []
  const link = await open({ pushed: (before, now) => pushed.push([before.length, now.length]) })
  link.start()
  await until(() => expect(link.tasks).toHaveLength(1))
  server.change([task([], { id: 'U', state: 'offered' })])
  await until(() => expect(pushed).toEqual([[1, 2]]))
})

test('the clock of the server is compared with ours', async () => {
  const ahead: number[] = []
  const link = await open({ clock: (ms) => ahead.push(ms) }, () => 86_400_000)
  link.start()
  await until(() => expect(ahead[0]).toBe(-86_400_000))
})

test('an operation is in the outbox or in what the server told, never in neither', async () => {
  const link = await open()
  link.start()
  await until(() => expect(link.tasks).toHaveLength(1))
  await link.perform(bin, 'ann')
  await until(() => expect(link.outbox.waiting).toHaveLength(0))
  link.stop()
  const again = await open()
  expect(again.tasks[0]?.lines[0]?.step).toBe('sku')
})
