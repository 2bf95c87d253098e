import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fingerprintOf, keptBundle } from '../../worker/kept-bundle.ts'

const repository = join(import.meta.dirname, '../..')

describe("the workflows' script that is kept", function () {
  this.timeout(120_000)
  let folder: string
  let made: { readonly code: string }
  const file = () => join(folder, 'workflows.json')
  const kept = () => JSON.parse(readFileSync(file(), 'utf8'))
  const change = (part: object) => writeFileSync(file(), JSON.stringify({ ...kept(), ...part }))

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nolimbo-bundle-'))
    made = await keptBundle(folder)
  })
  after(() => rmSync(folder, { recursive: true }))

  it('[I] is what was bundled, and says of every file that is in it', () => {
    assert.deepEqual(readdirSync(folder), ['workflows.json'])
    assert.equal(kept().code, made.code)
    for (const module of ['./workflows/index.ts', './domain/core/decide.ts'])
      assert.ok(kept().modules.includes(module), module)
    assert.ok(kept().modules.some((module: string) => module.includes('node_modules/@temporalio/workflow/')))
  })

  it('[I] is loaded as it is by the next start', async () => {
    change({ code: 'kept()' })
    assert.equal((await keptBundle(folder)).code, 'kept()')
  })

  it('[I] is bundled anew when the files that it was made of are others', async () => {
    change({ code: 'old()', fingerprint: '0' })
    assert.equal((await keptBundle(folder)).code, made.code)
    assert.equal(kept().code, made.code)
  })

  it('[I] is bundled anew when what is there was cut off', async () => {
    writeFileSync(file(), readFileSync(file(), 'utf8').slice(0, 1000))
    assert.equal((await keptBundle(folder)).code, made.code)
    assert.equal(kept().code, made.code)
  })

  it('[I] is another one as soon as one of its files changes, or goes', () => {
    const module = join(folder, 'module.ts')
    const seen = ['one', 'two', undefined].map(text => {
      if (text === undefined) rmSync(module)
      else writeFileSync(module, text)
      return fingerprintOf([relative(repository, module)])
    })
    assert.equal(new Set(seen).size, 3)
  })

  it('[I] is made all the same where it cannot be kept', async () => {
    const noFolder = join(folder, 'file')
    writeFileSync(noFolder, '')
    assert.equal((await keptBundle(noFolder)).code, made.code)
  })
})
