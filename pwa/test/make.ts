// Tasks and lines as the server would tell them.
import type { LineView, TaskView } from '../src/protocol.gen'

export function line(facts: Partial<LineView> = {}): LineView {
  return {
    id: 'L', sequence: 1, state: 'open', step: 'bin', bin: 'MAIN:A-01-1', bin_code: 'A-01-1', check: '47', aisle: 'A', level: 0,
    sku: 'PEN', name: 'A pen', tracking: 'none', lots: [], serials: [], quantity: 3, counted: 0, picked: 0, unit: 'each',
    slot: 1, shipment: 'S1', zero_check: false,
    barcodes: [{ code: 'PEN', units: 1 }, { code: '04006381333931', units: 1 }, { code: 'PEN-CASE', units: 2 }],
    ...facts,
  }
}

export const cup = line({
  id: 'M', sequence: 2, bin: 'MAIN:B-02-1', bin_code: 'B-02-1', check: '12', sku: 'CUP', name: 'A cup', quantity: 1,
  barcodes: [{ code: 'CUP', units: 1 }],
})

export function task(lines: readonly LineView[] = [line(), cup], facts: Partial<TaskView> = {}): TaskView {
  return {
    id: 'T', kind: 'pick', state: 'active', version: 1, steps: 1, wave: 'W', site: 'MAIN', assignee: 'ann', device: 'D', priority: 0,
    cut_off: 0, walk_mm: 0, confirm_tote: true, slots: [{ slot: 1, shipment: 'S1', order: '1001', tote: '', tote_code: '' }], lines,
    ...facts,
  }
}
