// The vectors that the server's tests read too.
import { readFileSync } from 'node:fs'

export function vectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../tests/protocol/vectors/${name}.json`, import.meta.url), 'utf8')) as T
}
