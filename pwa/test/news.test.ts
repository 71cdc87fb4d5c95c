import { expect, test } from 'vitest'
import { news } from '../src/work/news'
import { cup, line, task } from './make'

const offered = task([], { id: 'O', state: 'offered', assignee: '' })
const codes = (...args: Parameters<typeof news>): string[] => news(...args).map((each) => `${each.code} ${each.task.id}`)

test('a task that was released is on offer', () => {
  expect(codes([], [offered], 'ann')).toEqual(['task_offered O'])
  expect(codes([offered], [offered], 'ann')).toEqual([])
})

test('a task that a colleague has now is gone, wherever it stands', () => {
  expect(codes([task()], [], 'ann')).toEqual(['task_gone T'])
  expect(codes([task()], [task(undefined, { assignee: 'ben' })], 'ann')).toEqual(['task_gone T'])
  expect(codes([offered], [], 'ann')).toEqual([])
})

test('a return that ended by its last scan is no news', () => {
  const way = task([line({ state: 'picked', step: 'done' })], { kind: 'return' })
  expect(codes([way], [], 'ann')).toEqual([])
  expect(codes([{ ...way, kind: 'pick' }], [], 'ann')).toEqual(['task_gone T'])
})

test('a task that was given to me is told', () => {
  expect(codes([], [task()], 'ann')).toEqual(['task_assigned T'])
})

test('a line that changed is told; one that I did, or that is withdrawn and asked about, is not', () => {
  const mine = [task()]
  expect(codes(mine, [task([line({ quantity: 2 }), cup])], 'ann')).toEqual(['task_changed T'])
  expect(codes(mine, [task([cup])], 'ann')).toEqual(['task_changed T'])
  expect(codes(mine, [task([line({ state: 'withdrawing' }), cup])], 'ann')).toEqual([])
  expect(codes(mine, [task([line({ state: 'picked', counted: 3, picked: 3 }), cup])], 'ann')).toEqual([])
  expect(codes([task([])], mine, 'ann')).toEqual([])
})
