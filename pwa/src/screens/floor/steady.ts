// A frame brings every row anew. What did not change keeps its identity, so that only what changed is drawn.

function same<T extends object>(one: T, other: T): boolean {
  return (Object.keys(other) as (keyof T)[]).every((name) => one[name] === other[name])
}

export function steady<T extends object>(before: readonly T[], after: readonly T[], key: keyof T): readonly T[] {
  const known = new Map(before.map((each) => [each[key], each]))
  const kept = after.map((each) => {
    const old = known.get(each[key])
    return old && same(old, each) ? old : each
  })
  const unchanged = kept.length === before.length && kept.every((each, i) => each === before[i])
  return unchanged ? before : kept
}
