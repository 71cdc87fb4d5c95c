// The device's own database: operations not yet answered, those refused, and the last state the server told.
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Facts, Op, TaskView } from '../protocol.gen'

/** An operation in the outbox. `mark` is how its line stood; `told` that the device refused it already. */
export interface Entry {
  readonly seq: number
  readonly op: Op
  readonly mark: string
  readonly told: boolean
}

/** An operation that the server refused: kept until a person has dealt with it. */
export interface Trouble {
  readonly op_id: string
  readonly op: Op
  readonly code: string
  readonly facts: Facts
  readonly at: number
}

/** What the server last told: tasks as of a position in its journal. */
export interface Told {
  readonly position: number
  readonly tasks: readonly TaskView[]
}

interface Schema extends DBSchema {
  outbox: { key: number; value: Entry }
  trouble: { key: string; value: Trouble }
  kept: { key: string; value: unknown }
}
export type Database = IDBPDatabase<Schema>

export function openDatabase(name = 'pickwave'): Promise<Database> {
  return openDB<Schema>(name, 1, {
    upgrade(database) {
      database.createObjectStore('outbox', { keyPath: 'seq' })
      database.createObjectStore('trouble', { keyPath: 'op_id' })
      database.createObjectStore('kept')
    },
  })
}

export async function kept<T>(database: Database, key: string): Promise<T | undefined> {
  return (await database.get('kept', key)) as T | undefined
}

export async function keep(database: Database, key: string, value: unknown): Promise<void> {
  await database.put('kept', value, key)
}
