// GS1 Digital Link: an item's identity written as a web address, as server/kernel/digital_link.py reads it.
import type { Pair } from './gs1'

const PRIMARY = new Set('00 01 253 255 401 402 414 417 8003 8004 8006 8010 8013 8017 8018'.split(' '))
const QUALIFIERS: Readonly<Record<string, readonly string[]>> = {
  '01': ['22', '10', '21', '235'],
  '414': ['254', '7040'],
  '417': ['7040'],
  '8006': ['22', '10', '21'],
  '8010': ['8011'],
  '8017': ['8019'],
  '8018': ['8019'],
}
const LINK = /^(?:https?|HTTPS?):\/\/[A-Za-z0-9._~:[\]-]+(\/[!$-;=?-Z_a-z~[\]]*)$/
const GTINS = new Set(['01', '02', '03'])

export function isLink(text: string): boolean {
  return /^https?:\/\//i.test(text)
}

function unquoted(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (bytes) => {
    try {
      return decodeURIComponent(bytes)
    } catch {
      return '\ufffd'
    }
  })
}

/** A value; a GTIN written short is filled to 14 digits. */
function value(ai: string, text: string): string {
  const found = unquoted(text.replace(/\+/g, ' '))
  return GTINS.has(ai) ? found.padStart(14, '0') : found
}

/** The key and its qualifiers off the end of a path; none where there is no key. */
function ofPath(path: string): readonly Pair[] {
  const parts = path.split('/')
  for (let start = parts.length - 2; start > 0; start -= 2) {
    const key = parts[start]!
    if (!PRIMARY.has(key)) continue
    const pairs = parts.slice(start).flatMap((ai, at, all): Pair[] => (at % 2 ? [] : [[ai, value(ai, all[at + 1]!)]]))
    const rest = pairs.slice(1).map(([ai]) => ai)
    const allowed = (QUALIFIERS[key] ?? []).filter((ai) => rest.includes(ai))
    return allowed.join() === rest.join() ? pairs : []
  }
  return []
}

/** Pairs not yet checked; none where the address is no Digital Link. Parameters in words belong to the web site. */
export function pairsOf(text: string): readonly Pair[] {
  const [path, ...query] = (LINK.exec(text.split('#', 1)[0]!)?.[1] ?? '').split('?')
  const [key, ...more] = ofPath(path!)
  if (!key) return []
  const said = query.join('?').split(/[&;]/).flatMap((part): Pair[] => {
    const [ai, ...rest] = part.split('=')
    return /^[0-9]{2,4}$/.test(ai!) ? [[ai!, value(ai!, rest.join('='))]] : []
  })
  const taken = [key[0], ...(QUALIFIERS[key[0]] ?? [])]
  return said.some(([ai]) => taken.includes(ai)) ? [] : [key, ...more, ...said]
}
