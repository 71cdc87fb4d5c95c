// The HTTP side: sign-in, lists, searches. Whatever changes anything on the floor goes through the outbox instead.
import type { Facts } from '../protocol.gen'

export interface Me {
  readonly user: string
  readonly name: string
  readonly site: string
  readonly permissions: readonly string[]
  readonly device: string
  /** What they chose; '' is nothing yet. */
  readonly language: string
}
export interface Named {
  readonly id: string
  readonly name: string
}
export interface Station extends Named {
  readonly site: string
  readonly scale: string
  readonly printer: string
}
/** What the scale shows; `status` is ok, busy, overload, underload, wrong_unit or offline. */
export interface Reading {
  readonly grams: number
  readonly stable: boolean
  readonly status: string
  readonly raw: string
  readonly scale: string
}
export interface Person extends Named {
  readonly roles: readonly string[]
  readonly site: string
  readonly active: boolean
}
export interface TaskHead {
  readonly id: string
  readonly kind: string
  readonly state: string
  readonly wave: string
  readonly assignee: string
  readonly name: string
  readonly lines: number
  readonly lines_done: number
}
export interface BinPlace {
  readonly id: string
  readonly code: string
  readonly aisle: string
  readonly x_mm: number
  readonly y_mm: number
  readonly kind: string
}
/** Scans made at a bin that came late: the link drops there. */
export interface Drop {
  readonly bin: string
  readonly scans: number
}
/** The last hour of a floor by the minute, from `since` (ms) on. */
export interface Pace {
  readonly since: number
  readonly scans: readonly number[]
  readonly refusals: readonly number[]
  readonly people: readonly { readonly user: string; readonly scans: readonly number[] }[]
  readonly drops: readonly Drop[]
}
/** Whom a joining code lets in, and what they are asked for besides. */
export interface Invited {
  readonly name: string
  readonly asks: 'pin' | 'password' | ''
}
export type Credentials =
  | { readonly badge: string; readonly pin: string }
  | { readonly email: string; readonly password: string }
  | { readonly join: string; readonly pin?: string; readonly password?: string }

/** The server's answer was no: a code and its facts, as from the socket. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly facts: Facts,
  ) {
    super(code)
  }
}

const UNREACHABLE = 0

function cookie(name: string): string {
  return document.cookie.split('; ').find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
}

export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (body !== undefined) headers['content-type'] = body instanceof Blob ? 'text/csv' : 'application/json'
  if (method !== 'GET') headers['x-csrf-token'] = decodeURIComponent(cookie('csrf'))
  const init: RequestInit = { method, headers, credentials: 'same-origin' }
  if (body !== undefined) init.body = body instanceof Blob ? body : JSON.stringify(body)
  const response = await fetch(path, init).catch(() => {
    throw new Problem(UNREACHABLE, 'offline', {})
  })
  const answer = read(await response.text())
  // A portal of the wireless answers for the server, and says that all is well.
  if (response.ok && answer === undefined) throw new Problem(UNREACHABLE, 'nonsense', {})
  if (!response.ok) {
    const { code = 'failed', facts = {} } = (answer ?? {}) as { code?: string; facts?: Facts }
    throw new Problem(response.status, code, facts)
  }
  return answer as T
}

/** An answer's JSON; nothing said is an answer too. Undefined where it is something else. */
function read(text: string): unknown {
  try {
    return JSON.parse(text || '{}')
  } catch {
    return undefined
  }
}

export const get = <T>(path: string): Promise<T> => call<T>('GET', path)
const at = (path: string, site: string): string => `${path}?site=${encodeURIComponent(site)}`

export const api = {
  signIn: (credentials: Credentials, device: string) => call<Me>('POST', '/api/sign-in', { ...credentials, device }),
  invited: (join: string) => call<Invited>('POST', '/api/join', { join }),
  signOut: () => call<unknown>('POST', '/api/sign-out', {}),
  me: () => get<Me>('/api/me'),
  cartons: (site: string) => get<{ readonly id: string }[]>(at('/api/cartons', site)),
  stations: (site: string) => get<Station[]>(at('/api/stations', site)),
  carriers: (site: string) => get<Named[]>(at('/api/carriers', site)),
  bins: (site: string) => get<BinPlace[]>(at('/api/bins', site)),
  pace: (site: string) => get<Pace>(at('/api/floor/pace', site)),
  tasks: (site: string) => get<TaskHead[]>(at('/api/tasks', site)),
  take: (task: string) => call<unknown>('POST', `/api/tasks/${encodeURIComponent(task)}/take`, {}),
  people: () => get<Person[]>('/api/users'),
  weight: (station: string) => get<Reading>(`/api/stations/${encodeURIComponent(station)}/weight`),
}
