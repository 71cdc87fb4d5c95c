// The part of the camera's picture that the frame on the screen shows: only what is aimed at is read.

export interface Size {
  readonly width: number
  readonly height: number
}
export interface Area extends Size {
  readonly x: number
  readonly y: number
}

/** The frame, as shares of what is seen: 76 of 100 wide and 56 high. */
export const AIM = { width: 0.76, height: 0.56 } as const

/** The area within a picture that covers its box (`object-fit: cover`). */
export function aimed(picture: Size, box: Size): Area {
  const scale = Math.max(box.width / picture.width, box.height / picture.height) || 1
  const width = Math.min(picture.width, Math.round((box.width / scale) * AIM.width))
  const height = Math.min(picture.height, Math.round((box.height / scale) * AIM.height))
  return { x: Math.round((picture.width - width) / 2), y: Math.round((picture.height - height) / 2), width, height }
}
