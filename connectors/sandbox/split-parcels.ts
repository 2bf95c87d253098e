import type { LineQuantity, Parcel } from './entry.ts'

/** More than three lines do not fit in one parcel, unless a number of parcels was asked for. */
export function parcelsWanted(lines: readonly LineQuantity[], asked?: number): number {
  return asked ?? (lines.length > 3 ? 2 : 1)
}

/** Shares the units out evenly, in the order of the lines; never a parcel with nothing in it. */
export function splitParcels(lines: readonly LineQuantity[], wanted: number, idPrefix: string): Parcel[] {
  const units = lines.reduce((sum, line) => sum + line.quantity, 0)
  const count = Math.min(wanted, units)
  return Array.from({ length: count }, (_, index) => ({
    id: `${idPrefix}-${index + 1}`,
    lines: unitsBetween(lines, Math.floor((index * units) / count), Math.floor(((index + 1) * units) / count)),
  }))
}

function unitsBetween(lines: readonly LineQuantity[], from: number, to: number): LineQuantity[] {
  const part: LineQuantity[] = []
  let start = 0
  for (const line of lines) {
    const end = start + line.quantity
    const quantity = Math.min(end, to) - Math.max(start, from)
    if (quantity > 0) part.push({ ...line, quantity })
    start = end
  }
  return part
}
