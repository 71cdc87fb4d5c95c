// A read counts once frames agree: one misread frame with a valid checksum has reached a server before.
const WITHIN_MS = 1_000
/** Symbologies whose checksums catch little need more frames. */
const WEAK = /code.?39|itf|upc.?e|ean.?8|codabar/i

export interface Read {
  readonly code: string
  readonly symbology: string
}

export class Agreement {
  private readonly reads = new Map<string, number[]>()

  /** Whether this read, at `at` ms, is agreed on by enough recent frames. */
  agrees(read: Read, at: number): boolean {
    const key = `${read.symbology}|${read.code}`
    const recent = [...(this.reads.get(key) ?? []).filter((each) => at - each < WITHIN_MS), at]
    this.reads.set(key, recent)
    return recent.length >= (WEAK.test(read.symbology) ? 3 : 2)
  }
}
