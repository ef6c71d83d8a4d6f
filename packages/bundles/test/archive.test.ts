import { BUNDLE_LIMITS, BundleError, isArchive, readArchive } from '@troupe/bundles'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { archiveOf, compress, tarOf, text } from './synthetic.ts'

const one = text('one')
const two = text('two')

/** Makes the headers at these places right again, as an attacker would. */
function withChecksums(tar: Uint8Array): Uint8Array {
  for (let at = 0; at + 512 <= tar.length; at += 512) {
    if (Buffer.from(tar.subarray(at + 257, at + 262)).toString('latin1') !== 'ustar') continue
    tar.fill(0x20, at + 148, at + 156)
    const sum = tar.subarray(at, at + 512).reduce((total, byte) => total + byte, 0)
    tar.set(text(`${sum.toString(8).padStart(6, '0')}\0 `), at + 148)
  }
  return tar
}

describe('reading a release archive', () => {
  it('gives its CARs and passes over the rest', async () => {
    const tar = await tarOf({
      'README.md': text('read me'),
      'a/one.car': one,
      'two.car': two,
      'empty.car': text(''),
    })
    const archive = await compress(tar)
    expect(isArchive(archive)).toBe(true)
    const cars = await readArchive(archive, BUNDLE_LIMITS)
    expect(cars.map(({ fileName, bytes }) => [fileName, Buffer.from(bytes).toString()])).toEqual([
      ['a/one.car', 'one'],
      ['two.car', 'two'],
      ['empty.car', ''],
    ])
  })

  it('gives a large CAR whole', async () => {
    const large = new Uint8Array(300_000).map((_, i) => i * 31)
    const [car] = await readArchive(await archiveOf({ large }), BUNDLE_LIMITS)
    expect(car?.bytes).toEqual(large)
  })

  it('does not take other bytes for an archive', () => {
    expect(isArchive(one)).toBe(false)
    expect(isArchive(new Uint8Array())).toBe(false)
  })

  it('refuses an archive cut off at any place', async () => {
    const archive = await archiveOf({ one, two })
    for (const end of [4, 5, archive.length >> 1, archive.length - 1])
      await expect(readArchive(archive.subarray(0, end), BUNDLE_LIMITS)).rejects.toMatchObject({
        code: 'bundles/malformed',
      })
  })

  it('refuses a tar cut off inside a file or a header', async () => {
    const tar = await tarOf({ 'one.car': one, 'two.car': two })
    for (const end of [100, 512, 514, 1100])
      await expect(readArchive(await compress(tar.subarray(0, end)), BUNDLE_LIMITS)).rejects.toMatchObject({
        code: 'bundles/malformed',
      })
  })

  it('refuses what is no tar, a damaged header, and a size that is none', async () => {
    const tar = await tarOf({ 'one.car': one })
    const damaged = Uint8Array.from(tar)
    damaged[0] = 0x41
    const sizes = [0x8c, 0xa8, 0xe5, 0xff].map((byte) => {
      const changed = Uint8Array.from(tar)
      changed.fill(byte, 124, 136)
      return withChecksums(changed)
    })
    for (const bytes of [text('x'.repeat(1024)), damaged, ...sizes])
      await expect(readArchive(await compress(bytes), BUNDLE_LIMITS)).rejects.toMatchObject({
        code: 'bundles/malformed',
      })
  })

  it('comes to an end with an archive or an error of its own, whatever the headers say', async () => {
    const tar = await tarOf({ [`${'long/'.repeat(30)}one.car`]: one, 'read.me': two, 'two.car': two })
    const change = fc.tuple(fc.nat(tar.length - 1), fc.constantFrom(0x00, 0x30, 0x35, 0x78, 0x8c, 0xff))
    const changes = fc.array(change, { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(changes, fc.nat(tar.length), async (edits, cut) => {
        const changed = Uint8Array.from(tar)
        for (const [at, byte] of edits) changed[at] = byte
        const archive = await compress(withChecksums(changed).subarray(0, cut % 4 === 0 ? cut : tar.length))
        const result = await readArchive(archive, BUNDLE_LIMITS).catch((error: unknown) => error)
        expect(Array.isArray(result) || result instanceof BundleError).toBe(true)
      }),
      { seed: 11, numRuns: 200 },
    )
  })

  it('refuses an archive without a CAR', async () => {
    for (const files of [{}, { 'a.txt': one }])
      await expect(readArchive(await compress(await tarOf(files)), BUNDLE_LIMITS)).rejects.toMatchObject({
        code: 'bundles/not-a-bundle',
      })
  })

  it('unpacks as many bytes as the limit says, and not one more', async () => {
    const tar = await tarOf({ 'one.car': one })
    const archive = await compress(tar)
    await expect(readArchive(archive, { ...BUNDLE_LIMITS, archiveBytes: tar.length })).resolves.toHaveLength(
      1,
    )
    await expect(
      readArchive(archive, { ...BUNDLE_LIMITS, archiveBytes: tar.length - 1 }),
    ).rejects.toMatchObject({
      code: 'bundles/too-large',
    })
  })

  it('does not expand a small archive without bound', async () => {
    const bomb = await compress(new Uint8Array(8 * 1024 * 1024))
    expect(bomb.length).toBeLessThan(10_000)
    await expect(readArchive(bomb, { ...BUNDLE_LIMITS, archiveBytes: 65_536 })).rejects.toMatchObject({
      code: 'bundles/too-large',
    })
  })

  it('takes as many CARs as the limit says, and not one more', async () => {
    const archive = await archiveOf({ one, two })
    await expect(readArchive(archive, { ...BUNDLE_LIMITS, archiveCars: 2 })).resolves.toHaveLength(2)
    await expect(readArchive(archive, { ...BUNDLE_LIMITS, archiveCars: 1 })).rejects.toMatchObject({
      code: 'bundles/too-large',
    })
  })
})
