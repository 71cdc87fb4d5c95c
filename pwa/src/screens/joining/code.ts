// A joining code as it is scanned: the address that a phone's own camera would open, with the token behind the `#`.
const CODE = /#\/join\/([\w-]{20,100})$/

/** The token of a joining code; '' for any other code. */
export const tokenOf = (code: string): string => CODE.exec(code)?.[1] ?? ''
