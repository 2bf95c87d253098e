import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type PageName, pageHeads } from './page-heads.ts'

/** What one command has to say on a page of docs/. */
export interface Section {
  /** Unique on its page. */
  readonly title: string
  /** That writes it. */
  readonly command: string
  /** Markdown, without its title. */
  readonly text: string
}

const folder = join(import.meta.dirname, '../../docs')

/** Writes one section anew; those of other commands stay as they are. */
export function writeSection(page: PageName, section: Section): void {
  const file = join(folder, `${page}.md`)
  const before = existsSync(file) ? readFileSync(file, 'utf8') : ''
  writeFileSync(file, withSection(before, pageHeads[page], section))
}

/** A page with this section in the place of the one of that title. Sections stand in the order of their titles. */
export function withSection(before: string, head: string, section: Section): string {
  const others = before
    .split(/^(?=## )/m)
    .filter(part => part.startsWith('## ') && !part.startsWith(`## ${section.title}\n`))
    .map(part => part.trim())
  return `${[head.trim(), ...[sectionText(section), ...others].sort()].join('\n\n')}\n`
}

export function sectionText({ title, command, text }: Section): string {
  return `## ${title}\n\nBy \`${command}\`. ${text.trim()}`
}
