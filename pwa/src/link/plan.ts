// The HTTP side of a wave's plan: what it promises, and its walks as one draws them.
import { get } from './api'

/** x and the way from the front cross-aisle, in mm; in a net of ways x and y. */
export type Point = readonly [x: number, y: number]
export interface FloorPlan {
  readonly aisles: readonly number[]
  readonly crosses: readonly number[]
  readonly bins: readonly Point[]
  readonly barriers: readonly Point[]
  readonly depots: readonly Point[]
  readonly drops: readonly Point[]
  readonly ways: readonly (readonly [Point, Point])[]
}
export interface Walk {
  readonly id: string
  readonly number: number
  readonly state: string
  readonly cut_off: number
  readonly totes: number
  readonly lines: number
  readonly walk_mm: number
  readonly work_ms: number
  readonly bins: readonly string[]
  readonly stops: readonly Point[]
  readonly path: readonly Point[]
}
export interface DrawnPlan {
  readonly wave: string
  readonly name: string
  readonly site: string
  readonly state: string
  readonly shipments: number
  readonly lines: number
  readonly walk_mm: number
  readonly first_come_mm: number
  readonly work_ms: number
  readonly late_ms: number
  readonly pickers: number
  readonly floor: FloorPlan
  readonly walks: readonly Walk[]
}

export const walks = (wave: string): Promise<DrawnPlan> => get(`/api/waves/${encodeURIComponent(wave)}/walks`)
