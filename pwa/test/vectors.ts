// The vectors that the server's tests read too, and GS1's own where they lie beside the repository.
import { existsSync, readFileSync } from 'node:fs'

const SHARED = new URL('../../../shared/data/', import.meta.url)
export const hasShared = existsSync(SHARED)

export function vectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../tests/${name}.json`, import.meta.url), 'utf8')) as T
}

export function shared<T>(name: string): readonly T[] {
  const lines = readFileSync(new URL(`${name}.jsonl`, SHARED), 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line) as T)
}
