const units = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const

/** A length of time for people, its two largest parts: `3d 2h`, `45m`. A day has `dayMs`. */
export function spanText(ms: number, dayMs: number): string {
  if (!Number.isFinite(ms)) return 'for ever'
  let rest = ms
  const parts: string[] = []
  for (const [unit, length] of [['d', dayMs] as const, ...units]) {
    const count = Math.floor(rest / length)
    if (count > 0) parts.push(`${count}${unit}`)
    rest -= count * length
  }
  return parts.slice(0, 2).join(' ') || '0'
}
