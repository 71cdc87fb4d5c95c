import { expect, test } from 'vitest'
import { candidates, elements, isChecked, lotOf, same } from '../src/scan/codes'

test('GTIN-8, 12, 13 and 14 of one item are equal', () => {
  expect(same('4006381333931', '04006381333931')).toBe(true)
  expect(same('036000291452', '0036000291452')).toBe(true)
  expect(same('96385074', '00000096385074')).toBe(true)
  expect(same('4006381333931', '4006381333932')).toBe(false)
})

test('an internal code comes before what it looks like', () => {
  expect(candidates('10D9T')).toEqual(['10D9T'])
  expect(candidates(' PEN\r\n')).toEqual(['PEN'])
})

test.each([
  [']C1010400638133393110L7', 'L7'],
  ['010400638133393117280101\u001d10L7', 'L7'],
  ['(01)04006381333931(10)L7', 'L7'],
  ['https://id.example.com/01/04006381333931/10/L7', 'L7'],
  ['4006381333931', ''],
])('%j says lot %j', (code, lot) => {
  expect(lotOf(code)).toBe(lot)
})

test('what has a wrong check digit is not GS1', () => {
  expect(elements('0104006381333932').size).toBe(0)
  expect(isChecked('4006381333931')).toBe(true)
})
