import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

type Entry = { readonly optionalDependencies?: Readonly<Record<string, string>> }

describe('package-lock.json', () => {
  it('[U] names the optional packages of every platform, without which npm ci refuses to install', () => {
    const lock = readFileSync(join(import.meta.dirname, '../package-lock.json'), 'utf8')
    const { packages } = JSON.parse(lock) as { readonly packages: Readonly<Record<string, Entry>> }
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.entries(optionalDependencies)
        .filter(([name]) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages))
        .map(([name, version]) => `${name}@${version}`),
    )
    // npm drops those that its registry does not have: run npm install against the public one, or add them by hand.
    assert.deepEqual(missing, [])
  })
})
