import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { checkFile } from './check-file.ts'
import { checkLayers } from './check-layers.ts'
import { LAYER_RULES } from './layer-rules.ts'

const ROOT = join(import.meta.dirname, '..')
const CODE = /\.(ts|tsx|js|mjs|cjs|css|sql)$/
const TYPESCRIPT = /\.tsx?$/

const sourcesOf = (folder: string): readonly { readonly path: string; readonly code: string }[] =>
  !existsSync(join(ROOT, folder))
    ? []
    : readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile() && CODE.test(entry.name))
        .map(entry => join(entry.parentPath, entry.name))
        .filter(file => !/[\\/](node_modules|dist)[\\/]/.test(file))
        .map(file => ({ path: relative(ROOT, file).split(sep).join('/'), code: readFileSync(file, 'utf8') }))

const LAYERS = LAYER_RULES.map(({ folder }) => folder).filter(folder => !folder.includes('/'))

describe('layers', () => {
  for (const folder of LAYERS) {
    it(`[U] ${folder}/ imports only what it may`, () => {
      const sources = sourcesOf(folder).filter(({ path }) => TYPESCRIPT.test(path))
      assertNothingWrong(sources.flatMap(({ path, code }) => checkLayers(path, code)))
    })
  }

  for (const folder of [...LAYERS, 'test', 'bench']) {
    it(`[U] files in ${folder}/ are small and have telling kebab-case names`, () => {
      assertNothingWrong(sourcesOf(folder).flatMap(({ path, code }) => checkFile(path, code)))
    })
  }

  it('[U] the check reads real files', () => {
    assert.ok(sourcesOf('domain').length > 10)
    assert.ok(sourcesOf('cli').some(({ path }) => path === 'cli/temporal/start-temporal.ts'))
  })
})

const assertNothingWrong = (wrongs: readonly string[]): void => {
  assert.ok(wrongs.length === 0, `\n${wrongs.join('\n')}`)
}
