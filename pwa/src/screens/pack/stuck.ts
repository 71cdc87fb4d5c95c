// Labels that were asked for at a station and did not come out.
import type { Notice } from '../../protocol.gen'

export interface StuckLabel {
  readonly notice: Notice
  readonly parcel: string
  readonly error: string
}

export function stuckLabels(notices: readonly Notice[], station: string): readonly StuckLabel[] {
  return notices.flatMap((notice) => {
    if (notice.code !== 'LabelStuck') return []
    const body = JSON.parse(String(notice.facts['body'])) as { parcel: string; station: string; error: string }
    return body.station === station ? [{ notice, parcel: body.parcel, error: body.error }] : []
  })
}
