import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

/** A markdown file of the project, taken apart. */
export interface Markdown {
  /** From the root of the project, with "/". */
  readonly path: string
  readonly text: string
  /** What links and images point at, in the order they stand there; code is no place for links. */
  readonly targets: readonly string[]
  /** The anchors of its headings, as GitHub makes them. */
  readonly anchors: readonly string[]
  /** What a reader would type: `code` and the lines of ```sh blocks. */
  readonly commands: readonly string[]
  /** The `code` in the first cells of its tables. */
  readonly firstCells: readonly string[]
}

export const root = join(import.meta.dirname, '../..')

const elsewhere = ['node_modules', 'dist']

/** Every markdown file of the project. */
export function markdownFiles(): readonly Markdown[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.md'))
    .map(entry => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter(path => !path.split('/').some(part => elsewhere.includes(part) || part.startsWith('.')))
    .sort()
    .map(readMarkdown)
}

/** @throws if there is no such file */
export function readMarkdown(path: string): Markdown {
  return parseMarkdown(path, readFileSync(join(root, path), 'utf8'))
}

export function parseMarkdown(path: string, text: string): Markdown {
  const blocks = [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
  const prose = text.replace(/^```\w*\n[\s\S]*?^```$/gm, '')
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)].map(match => match[1]!)
  const withoutCode = prose.replace(/`[^`\n]+`/g, '')
  return {
    path,
    text,
    targets: [...withoutCode.matchAll(/\]\(([^)\s]+)[^)]*\)/g)].map(match => match[1]!),
    anchors: [...prose.matchAll(/^#{1,6} +(.+)$/gm)].map(match => anchorOf(match[1]!)),
    commands: [
      ...spans,
      ...blocks.filter(([, kind]) => kind === 'sh').flatMap(([, , lines]) => lines!.trim().split('\n')),
    ],
    firstCells: [...prose.matchAll(/^\| *([^|\n]*?) *\|/gm)].flatMap(([, cell]) =>
      [...cell!.matchAll(/`([^`]+)`/g)].map(match => match[1]!),
    ),
  }
}

/** As GitHub does: lower case, without punctuation, words joined by hyphens. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-')
}

/** What is wrong with a relative link of a file; undefined: nothing, or it leads out of the project. */
export function linkFlaw(from: Markdown, target: string): string | undefined {
  if (/^[a-z]+:/i.test(target)) return
  const [file = '', anchor] = target.split('#')
  const path = file === '' ? from.path : join(from.path, '..', decodeURI(file))
  if (path.startsWith('..')) return `${from.path}: ${target} leads out of the project`
  if (!existsSync(join(root, path))) return `${from.path}: there is no ${target}`
  if (anchor === undefined || !path.endsWith('.md')) return
  return readMarkdown(path).anchors.includes(anchor) ? undefined : `${from.path}: no heading is called ${target}`
}
