// MT-SICS (METTLER TOLEDO Standard Interface Command Set): a scale is asked and answers with a line.
import { ScaleFault, weighed, without, type Shown, type Status } from './reading'

/** What is sent to ask for the weight of this moment. */
export const ASK = new TextEncoder().encode('SI\r\n')
const WORDS: Readonly<Record<string, Status>> = { I: 'busy', '+': 'overload', '-': 'underload' }
const ANSWERS: ReadonlySet<string> = new Set(['S', 'T', 'Z'])
const NUMBER = /^[+-]?\d+(\.\d+)?$/

/** Read an answer to S, SI, Z or T. */
export function parse(line: string): Shown {
  const raw = line.replace(/[\r\n]+$/, '')
  const [command = '', word = '', value, unit, ...rest] = raw.trim().split(/\s+/)
  if (!ANSWERS.has(command) || rest.length) throw new ScaleFault(raw)
  if (value === undefined) {
    const status = WORDS[word]
    if (status) return without(status, raw)
    if (command === 'Z' && word === 'A') return { grams: 0, stable: true, status: 'ok', raw }
  }
  const isWeight = command !== 'Z' && (word === 'S' || word === 'D') && value !== undefined && unit !== undefined
  if (!isWeight || !NUMBER.test(value)) throw new ScaleFault(raw)
  return weighed(Number(value), unit, raw, word === 'S')
}
