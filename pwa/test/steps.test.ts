import { expect, test } from 'vitest'
import type { Predicate, TaskKind } from '../src/protocol.gen'
import { after, first, path, PREDICATES, row } from '../src/work/steps'
import { vectors } from './vectors'

interface Facts {
  readonly tracking: string
  readonly confirm_tote: boolean
}
interface Vectors {
  readonly walks: readonly (Facts & { kind: TaskKind; steps: readonly string[] })[]
  readonly refusals: readonly { kind: TaskKind; step: string; refusal: string }[]
  readonly predicates: readonly (Facts & { name: Predicate; holds: boolean })[]
}
const { walks, refusals, predicates } = vectors<Vectors>('protocol/vectors/steps')

test.each(walks)('$kind with $tracking, tote confirmed: $confirm_tote', ({ kind, steps, ...facts }) => {
  const found: string[] = [first(kind)]
  while (found.at(-1) !== 'done') found.push(after(kind, found.at(-1)!, facts))
  expect(found).toEqual(steps)
  expect([...path(kind, facts), 'done']).toEqual(steps)
})

test.each(refusals)('a wrong $step of a $kind is $refusal', ({ kind, step, refusal }) => {
  expect(row(kind, step)?.refusal).toBe(refusal)
})

test.each(predicates)('$name of $tracking, $confirm_tote is $holds', ({ name, holds, ...facts }) => {
  expect(PREDICATES[name](facts)).toBe(holds)
})
