/** How many cases a property draws: so many in `npm test`, and `NOLIMBO_DRAWS` times as many for a longer look. */
export function draws(usual: number): number {
  return usual * Number(process.env.NOLIMBO_DRAWS ?? 1)
}
