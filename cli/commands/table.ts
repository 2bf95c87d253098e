import { mkdirSync, writeFileSync } from 'node:fs'
import { behaviourPage } from '../table/behaviour-page.ts'
import { eventsPage } from '../table/events-page.ts'

const usage = `usage: nolimbo table [behaviour | events] [--write]

Prints what an order does in which status (the behaviour table), or what is in which event. --write: both pages, to
docs/generated/.`

export const generatedPages: Readonly<Record<string, () => string>> = { behaviour: behaviourPage, events: eventsPage }

/** `nolimbo table`: the pages that are generated from the core's own data. */
export async function run(args: readonly string[]): Promise<number> {
  const [asked = 'behaviour', ...more] = args
  if (asked === '--write' && more.length === 0) {
    const folder = new URL('../../docs/generated/', import.meta.url)
    mkdirSync(folder, { recursive: true })
    for (const [name, page] of Object.entries(generatedPages)) writeFileSync(new URL(`${name}.md`, folder), page())
    return 0
  }
  const page = generatedPages[asked]
  if (page === undefined || more.length > 0) {
    console.error(usage)
    return 2
  }
  console.log(page())
  return 0
}
