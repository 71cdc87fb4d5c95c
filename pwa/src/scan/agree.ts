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

  /** Whether this read, at `at` ms, is agreed on by enough recent frames. What is wanted agrees with the task already. */
  agrees(read: Read, at: number, wanted = false): boolean {
    const key = `${read.symbology}|${read.code}`
    const recent = [...(this.reads.get(key) ?? []).filter((each) => at - each < WITHIN_MS), at]
    this.reads.set(key, recent)
    return recent.length >= (WEAK.test(read.symbology) ? 3 : 2) - Number(wanted)
  }
}

/** Of all codes in view the one that is wanted comes first. */
export function chosen(reads: readonly Read[], wanted: (code: string) => boolean): Read | undefined {
  return reads.find((read) => wanted(read.code)) ?? reads[0]
}
