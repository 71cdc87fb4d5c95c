import { expect, test } from 'vitest'
import { readFrame } from '../src/link/frames'
import { task } from './make'

const changed = { t: 'changed', since: 1, until: 2, tasks: [task()], gone: [], snapshot: false }

test('a frame of the protocol is read', () => {
  expect(readFrame(JSON.stringify(changed))).toEqual(changed)
  expect(readFrame('{"t":"pong","n":1,"at":2,"more":"of a newer server"}')).toMatchObject({ t: 'pong' })
})

test.each([
  '', '<html>', 'null', '[]', '7', '"changed"', '{}', '{"t":7}', '{"t":"toString"}', '{"t":"teapot"}', '{"t":"expected"}',
  '{"t":"expected","seq":"1"}', '{"t":"rejected","op_id":"X","seq":1,"code":"busy","facts":[]}',
  JSON.stringify({ ...changed, tasks: [{ id: 'T' }] }), JSON.stringify({ ...changed, tasks: 'none' }),
])('%j is no frame', (data) => {
  expect(readFrame(data)).toBeUndefined()
})
