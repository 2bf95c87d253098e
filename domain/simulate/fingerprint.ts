/** Tells whether two runs were the same (FNV-1a of 32 bits): for comparing, not for proving anything to anyone. */
export class Fingerprint {
  private hash = 0x811c9dc5

  add(text: string): void {
    let { hash } = this
    for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
    this.hash = hash
  }

  get text(): string {
    return (this.hash >>> 0).toString(16).padStart(8, '0')
  }
}
