import { expect, test } from 'vitest'
import type { Changed, Command, TaskView } from '../src/protocol.gen'
import type { Entry } from '../src/link/database'
import { heard, laid, NOTHING } from '../src/link/feed'
import { applied, isPicking, mark } from '../src/work/apply'
import { cup, line, task } from './make'

function changed(facts: Partial<Changed>): Changed {
  return { t: 'changed', since: 0, until: 0, tasks: [], gone: [], snapshot: false, ...facts }
}
function entry(seq: number, cmd: Command, on: readonly TaskView[]): Entry {
  const mine = on.find((each) => 'task' in cmd && each.id === cmd.task)
  return { seq, op: { t: 'op', op_id: String(seq), seq, at: 0, by: 'ann', cmd }, mark: mark(mine, cmd), told: false }
}

test('tasks follow the server, and a gap asks again', () => {
  const told = { position: 5, tasks: [task([], { id: 'A' }), task([], { id: 'B' })] }
  const next = heard(told, changed({ since: 5, until: 9, tasks: [task([], { id: 'C' })], gone: ['A'] }), 0)
  expect(next).toMatchObject({ do: 'keep', told: { position: 9, tasks: [{ id: 'B' }, { id: 'C' }] } })
  expect(heard(told, changed({ since: 6, until: 9 }), 0)).toEqual({ do: 'hello' })
})

test('a snapshot replaces only once nothing waits', () => {
  expect(heard(NOTHING, changed({ until: 7, snapshot: true }), 2)).toEqual({ do: 'later' })
  expect(heard(NOTHING, changed({ until: 7, snapshot: true }), 0)).toMatchObject({ do: 'keep', told: { position: 7 } })
})

test('what waits is laid over what the server told, once, whichever answer comes first', () => {
  const before = [task([line({ step: 'sku' })])]
  const one: Command = { do: 'scan', task: 'T', line: 'L', step: 'sku', code: 'PEN' }
  const first = entry(1, one, before)
  const second = entry(2, one, laid(before, [first]))
  expect(laid(before, [first, second])[0]?.lines[0]?.counted).toBe(2)
  const serverHasFirst = [task([line({ step: 'sku', counted: 1 })])]
  expect(laid(serverHasFirst, [first, second])[0]?.lines[0]?.counted).toBe(2)
})

test('what waits stays done where the walk was found anew meanwhile, and a skip that was heard is not done twice', () => {
  const before = [task([line({ step: 'sku' })])]
  const scan = entry(1, { do: 'scan', task: 'T', line: 'L', step: 'sku', code: 'PEN' }, before)
  const anew = [task([line({ step: 'sku', sequence: 7 })])]
  expect(laid(anew, [scan])[0]?.lines[0]).toMatchObject({ counted: 1, sequence: 7 })
  const skip = entry(1, { do: 'skip', task: 'T', line: 'L' }, [task([line(), cup])])
  const heard = [task([line({ sequence: 3 }), cup])]
  expect(laid(heard, [skip])[0]?.lines[0]?.sequence).toBe(3)
})

test('undo, skip and short are laid on offline too', () => {
  const before = [task([line({ step: 'sku', counted: 2 }), cup])]
  const skipped = laid(before, [entry(1, { do: 'skip', task: 'T', line: 'L' }, before)])
  expect(skipped[0]?.lines[0]).toMatchObject({ sequence: 3, step: 'bin', counted: 0 })
  const shorted = laid(before, [entry(1, { do: 'short', task: 'T', line: 'L', reason: 'damaged' }, before)])
  expect(shorted[0]?.lines[0]).toMatchObject({ quantity: 2, step: 'tote', state: 'open' })
  const undone = laid(before, [entry(1, { do: 'undo', task: 'T', line: 'L' }, before)])
  expect(undone[0]?.lines[0]).toMatchObject({ step: 'bin', counted: 0 })
})

test('a short to nothing closes the line and asks for no tote', () => {
  const short = { do: 'short', task: 'T', line: 'L', reason: 'none_on_shelf' } as const
  expect(applied(task(), short, 'ann')?.lines[0]).toMatchObject({ state: 'short', step: 'done' })
})

test('what is handed back or dropped off is not in hand any more', () => {
  expect(applied(task(), { do: 'hand_back', task: 'T' }, 'ann')).toBeUndefined()
  expect(applied(task(), { do: 'drop_totes', task: 'T' }, 'ann')).toBeUndefined()
  expect(isPicking({ do: 'release_wave', wave: 'W' })).toBe(false)
})

test('acknowledged lines are withdrawn', () => {
  const lines = [line({ state: 'withdrawing' }), cup]
  const after = applied(task(lines), { do: 'acknowledge_withdrawal', task: 'T', lines: ['L'] }, 'ann')
  expect(after?.lines.map((each) => each.state)).toEqual(['withdrawn', 'open'])
})
