import { expect, test } from 'vitest'
import type { LineView, Scan } from '../src/protocol.gen'
import { isRefused, scanned } from '../src/work/advance'
import { cup, line, task } from './make'
import { vectors } from './vectors'

interface Vector {
  readonly story: string
  readonly kind?: string
  readonly line: Partial<LineView> & { lot?: string }
  readonly tote?: string
  readonly scan: Pick<Scan, 'step' | 'code'> & Partial<Scan>
  readonly refusal?: string
  readonly after?: Partial<LineView>
}

test.each(vectors<Vector[]>('protocol/vectors/lines'))('$story', ({ kind = 'pick', line: { lot, ...facts }, tote = '', scan, refusal, after }) => {
  const before = line({ ...facts, lots: lot ? [lot] : [] })
  const slots = [{ slot: 1, shipment: 'S1', order: '1001', tote, tote_code: tote }]
  const verdict = scanned(task([before, cup], { kind, slots }), { do: 'scan', task: 'T', line: 'L', ...scan })
  expect(isRefused(verdict)).toBe(refusal !== undefined)
  if (isRefused(verdict)) expect(verdict.code).toBe(refusal)
  else expect(verdict.task.lines[0]).toMatchObject({ counted: before.counted, ...after })
})

test('a tote that stands in another slot is of another order', () => {
  const slots = [1, 2].map((slot) => ({ slot, shipment: `S${slot}`, order: `100${slot}`, tote: `T${slot}`, tote_code: `T${slot}` }))
  const verdict = scanned(task([line({ step: 'tote' })], { slots }), { do: 'scan', task: 'T', line: 'L', step: 'tote', code: 'T2' })
  expect(verdict).toMatchObject({ code: 'tote_of_other_order', facts: { expected: 'T1', scanned: 'T2' } })
})

test('a count takes what was typed and does not say what it expected', () => {
  const counted = scanned(task([line({ step: 'sku', quantity: 0 })], { kind: 'count' }), {
    do: 'scan', task: 'T', line: 'L', step: 'sku', code: 'PEN', quantity: 7,
  })
  expect(counted).toMatchObject({ task: { lines: [{ counted: 7, step: 'done', state: 'picked' }] } })
})
