// Numbers that carry a check digit, as server/kernel/gtin.py has them.
const LENGTHS = new Set([8, 12, 13, 14])
/** By the last of a UPC-E's six digits: after how many of them zeros were left out, and which to put there. */
const UPC_E_ZEROS: Readonly<Record<string, readonly [number, string]>> = {
  ...Object.fromEntries(['0', '1', '2'].map((last) => [last, [2, `${last}0000`]])),
  '3': [3, '00000'],
  '4': [4, '00000'],
  ...Object.fromEntries(['5', '6', '7', '8', '9'].map((last) => [last, [5, `0000${last}`]])),
}

export function isChecked(digits: string): boolean {
  if (!/^[0-9]{2,}$/.test(digits)) return false
  const sum = [...digits].reverse().reduce((total, digit, place) => total + Number(digit) * (place % 2 ? 3 : 1), 0)
  return sum % 10 === 0
}

/** A bare GTIN as its 14 digits, so that all lengths of one item are equal. All zeros name no item. */
export function padded(code: string): string | undefined {
  const right = LENGTHS.has(code.length) && isChecked(code) && /[1-9]/.test(code)
  return right ? code.padStart(14, '0') : undefined
}

/** A UPC-E of 8 digits, as decoders report it, expanded to its GTIN-14. */
export function upcE(code: string): string | undefined {
  if (!/^[01][0-9]{7}$/.test(code)) return undefined
  const [cut, zeros] = UPC_E_ZEROS[code.charAt(6)]!
  return padded(code.slice(0, 1 + cut) + zeros + code.slice(1 + cut, 6) + code.charAt(7))
}
