// What is scanned next: the generated step tables, walked. The server walks the same rows.
import { STEPS, type Predicate, type Step, type StepRow, type TaskKind } from '../protocol.gen'

export interface StepFacts {
  readonly tracking: string
  readonly confirm_tote: boolean
}

export const PREDICATES: Readonly<Record<Predicate, (facts: StepFacts) => boolean>> = {
  always: () => true,
  tracks_lot: (facts) => facts.tracking === 'lot' || facts.tracking === 'expiry',
  tracks_serial: (facts) => facts.tracking === 'serial',
  confirms_tote: (facts) => facts.confirm_tote,
}

export function isKind(kind: string): kind is TaskKind {
  return kind in STEPS
}

export function row(kind: TaskKind, step: string): StepRow | undefined {
  return STEPS[kind].find((each) => each.step === step)
}

export function first(kind: TaskKind): Step {
  return STEPS[kind][0]!.step
}

/** The step that follows `step` for a line with these facts; 'done' at the end. */
export function after(kind: TaskKind, step: string, facts: StepFacts): Step | 'done' {
  let next = row(kind, step)?.then ?? 'done'
  while (next !== 'done') {
    const then = row(kind, next)
    if (!then) return 'done'
    if (PREDICATES[then.when](facts)) return next
    next = then.then
  }
  return next
}

/** All steps that a line with these facts goes through. */
export function path(kind: string, facts: StepFacts): readonly Step[] {
  return isKind(kind) ? STEPS[kind].filter((each) => PREDICATES[each.when](facts)).map((each) => each.step as Step) : []
}
