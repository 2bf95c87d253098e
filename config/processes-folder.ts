import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { shapeProblems } from '../domain/definition/shape-problems.ts'
import { readYaml, type YamlText } from './read-yaml.ts'

export interface FileProblem {
  readonly file: string
  readonly line: number
  readonly message: string
}

/** The files of the `processes/` folder, and what is wrong with them. */
export class ProcessesFolder {
  readonly problems: FileProblem[] = []
  private readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  problem(name: string, line: number, message: string): void {
    this.problems.push({ file: this.path(name), line, message })
  }

  /** The YAML files of a subfolder (or of the folder itself, `''`), as names within the folder, in order. */
  names(subfolder: string): string[] {
    let entries: string[]
    try {
      entries = readdirSync(this.path(subfolder))
    } catch (error) {
      this.problem(subfolder, 1, `cannot be read: ${(error as Error).message}`)
      return []
    }
    const names = entries.sort().map(name => join(subfolder, name))
    for (const name of names.filter(name => name.endsWith('.yml'))) {
      this.problem(name, 1, 'is not read: its name must end in .yaml')
    }
    return names.filter(name => name.endsWith('.yaml'))
  }

  /** The text of a file; undefined, and a problem, if there is none. */
  text(name: string): string | undefined {
    try {
      return readFileSync(this.path(name), 'utf8')
    } catch (error) {
      this.problem(name, 1, `cannot be read: ${(error as Error).message}`)
      return
    }
  }

  /**
   * What a file says; undefined, and its problems, if that cannot be told.
   * @param usual what a file that need not be there says where it is not
   */
  yaml(name: string, usual?: string): (YamlText & { readonly text: string }) | undefined {
    const text = usual === undefined || existsSync(this.path(name)) ? this.text(name) : usual
    if (text === undefined) return
    const read = readYaml(text)
    for (const { line, message } of read.problems) this.problem(name, line, message)
    return read.problems.length === 0 ? { ...read, text } : undefined
  }

  /** What a YAML text says, in the shape of a schema; undefined, and its problems, if it has another. */
  shaped<T>(name: string, read: YamlText, schema: z.ZodType<T>): T | undefined {
    const result = schema.safeParse(read.value)
    if (result.success) return result.data
    for (const { path, message } of shapeProblems(result.error)) {
      const where = path.length === 0 ? '' : `${path.join('.')}: `
      this.problem(name, read.lineOf(path), `${where}${message}`)
    }
    return
  }
}
