import { loadCrypto } from '@troupe/crypto'
import {
  type Blockstore,
  type CborReader,
  CborStore,
  type CborWriter,
  type Cid,
  MemoryBlockstore,
  type ValueCodec,
} from '@troupe/ipld'
import { Hamt, type HamtOptions } from '@troupe/ipld/hamt'
import { describe, expect, test } from 'vitest'

const crypto = await loadCrypto()
const text = (value: string | number) => new TextEncoder().encode(`${value}`)

const BYTES: ValueCodec<Uint8Array> = {
  encode: (writer: CborWriter, value) => void writer.bytes(value),
  decode: (reader: CborReader) => reader.bytes(),
}
const UINT: ValueCodec<number> = {
  encode: (writer: CborWriter, value) => void writer.uint(value),
  decode: (reader: CborReader) => reader.uint(),
}

/** Blocks read and written and their bytes, as the reference's tests count them. */
class CountingBlockstore implements Blockstore {
  private readonly base = new MemoryBlockstore()
  r = 0
  w = 0
  br = 0
  bw = 0

  get stats(): { r: number; w: number; br: number; bw: number } {
    return { r: this.r, w: this.w, br: this.br, bw: this.bw }
  }

  get(cid: Cid): Uint8Array | undefined {
    const bytes = this.base.get(cid)
    this.r++
    this.br += bytes?.length ?? 0
    return bytes
  }

  has(cid: Cid): boolean {
    return this.base.has(cid)
  }

  put(cid: Cid, bytes: Uint8Array): void {
    this.base.put(cid, bytes)
    this.w++
    this.bw += bytes.length
  }
}

/** A store whose HAMTs share nothing but blocks, as in the reference. */
function counting(): { blocks: CountingBlockstore; fresh: () => CborStore } {
  const blocks = new CountingBlockstore()
  return { blocks, fresh: () => new CborStore(blocks, crypto) }
}

// Scenarios, CIDs and counts of fvm_ipld_hamt 0.10.6 `tests/hamt_tests.rs`.
describe('the scenarios of the reference', () => {
  const byEight: HamtOptions<Uint8Array> = { bitWidth: 8, value: BYTES }
  const byFive: HamtOptions<Uint8Array> = { bitWidth: 5, value: BYTES }

  test('set_if_absent', () => {
    const { blocks, fresh } = counting()
    const hamt = Hamt.create(fresh(), byEight)
    expect(hamt.setIfAbsent(text('favorite-animal'), text('owl bear'))).toBe(true)
    expect(hamt.setIfAbsent(text('favorite-animal'), text('bright green bear'))).toBe(false)
    expect(hamt.setIfAbsent(text('favorite-animal'), text('owl bear'))).toBe(false)
    const root = hamt.flush()
    expect(Hamt.load(fresh(), root, byEight).setIfAbsent(text('favorite-animal'), text('x'))).toBe(false)
    expect(String(root)).toBe('bafy2bzaced2tgnlsq4n2ioe6ldy75fw3vlrrkyfv4bq6didbwoob2552zvpuk')
    expect(blocks.stats).toEqual({ r: 1, w: 1, br: 63, bw: 63 })
  })

  test('set_with_no_effect_does_not_put', () => {
    const { blocks, fresh } = counting()
    const hamt = Hamt.create(fresh(), { bitWidth: 1, value: BYTES })
    for (let i = 0; i < 30; i++) hamt.set(text(i), text('filler'))
    expect(String(hamt.flush())).toBe('bafy2bzacebjilcrsqa4uyxuh36gllup4rlgnvwgeywdm5yqq2ks4jrsj756qq')
    for (let i = 0; i < 2; i++) {
      hamt.set(text('favorite-animal'), text('bright green bear'))
      expect(String(hamt.flush())).toBe('bafy2bzacea7biyabzk7v7le2rrlec5tesjbdnymh5sk4lfprxibg4rtudwtku')
      expect(blocks.stats).toEqual({ r: 0, w: 18, br: 0, bw: 1282 })
    }
  })

  test('delete', () => {
    const { blocks, fresh } = counting()
    const hamt = Hamt.create(fresh(), byEight)
    hamt.set(text('foo'), text('cat dog bear'))
    hamt.set(text('bar'), text('cat dog'))
    hamt.set(text('baz'), text('cat'))
    const root = hamt.flush()
    expect(String(root)).toBe('bafy2bzacebql36crv4odvxzstx2ubaczmawy2tlljxezvorcsoqeyyojxkrom')
    const again = Hamt.load(fresh(), root, byEight)
    expect(again.has(text('foo'))).toBe(true)
    expect(again.delete(text('foo'))).toBe(true)
    expect(again.get(text('foo'))).toBeUndefined()
    expect(again.delete(text('nonexistent'))).toBe(false)
    expect(String(again.flush())).toBe('bafy2bzaced7up7wkm7cirieh5bs4iyula5inrprihmjzozmku3ywvekzzmlyi')
    expect(blocks.stats).toEqual({ r: 1, w: 2, br: 79, bw: 139 })
  })

  test('delete_case and reload_empty', () => {
    const { blocks, fresh } = counting()
    const hamt = Hamt.create(fresh(), byEight)
    hamt.set(Uint8Array.of(0), text('Test data'))
    const root = hamt.flush()
    expect(String(root)).toBe('bafy2bzaceb2hikcc6tfuuuuehjstbiq356oruwx6ejyse77zupq445unranv6')
    const again = Hamt.load(fresh(), root, byEight)
    expect(again.delete(Uint8Array.of(0))).toBe(true)
    const empty = again.flush()
    expect(String(empty)).toBe('bafy2bzaceamp42wmmgr2g2ymg46euououzfyck7szknvfacqscohrvaikwfay')
    expect(blocks.stats).toEqual({ r: 1, w: 2, br: 31, bw: 34 })
    expect(Hamt.load(fresh(), empty, byEight).isEmpty).toBe(true)
    expect(String(Hamt.create(fresh(), byEight).flush())).toBe(String(empty))
  })

  test('set_delete_many', () => {
    const { blocks, fresh } = counting()
    const hamt = Hamt.create(fresh(), byFive)
    for (let i = 0; i < 200; i++) hamt.set(text(i), text(i))
    const first = 'bafy2bzaceczhz54xmmz3xqnbmvxfbaty3qprr6dq7xh5vzwqbirlsnbd36z7a'
    expect(String(hamt.flush())).toBe(first)
    for (let i = 200; i < 400; i++) hamt.set(text(i), text(i))
    expect(String(hamt.flush())).toBe('bafy2bzacecxcp736xkl2mcyjlors3tug6vdlbispbzxvb75xlrhthiw2xwxvw')
    for (let i = 200; i < 400; i++) expect(hamt.delete(text(i))).toBe(true)
    for (let i = 0; i < 200; i++) expect(hamt.get(text(i))).toEqual(text(i))
    expect(String(hamt.flush())).toBe(first)
    for (let i = 0; i < 200; i++) expect(hamt.delete(text(i))).toBe(true)
    expect([...hamt.entries()]).toEqual([])
    expect(String(hamt.flush())).toBe('bafy2bzaceamp42wmmgr2g2ymg46euououzfyck7szknvfacqscohrvaikwfay')
    expect(blocks.stats).toEqual({ r: 0, w: 94, br: 0, bw: 11737 })
  })

  test('for_each', () => {
    const { blocks, fresh } = counting()
    const created = Hamt.create(fresh(), byFive)
    for (let i = 0; i < 200; i++) created.set(text(i), text(i))
    for (const [key, value] of created.entries()) expect(value).toEqual(key)
    const root = created.flush()
    expect(String(root)).toBe('bafy2bzaceczhz54xmmz3xqnbmvxfbaty3qprr6dq7xh5vzwqbirlsnbd36z7a')
    const hamt = Hamt.load(fresh(), root, byFive)
    for (let i = 0; i < 2; i++) expect([...hamt.entries()]).toHaveLength(200)
    expect(String(hamt.flush())).toBe(String(root))
    hamt.set(text(10), text('modified-10'))
    hamt.set(text(80), text('modified-80'))
    hamt.set(text(81), text('modified-81'))
    expect(hamt.delete(text(30))).toBe(true)
    expect(hamt.delete(text(300))).toBe(false)
    expect([...hamt.entries()]).toHaveLength(199)
    expect(String(hamt.flush())).toBe('bafy2bzacebln5j7tdfavh2qqhio6mgaoq6mm2jbmcex2ngcmi3uqlx5k3mov4')
    expect(blocks.stats).toEqual({ r: 30, w: 33, br: 3209, bw: 4697 })
  })

  test('for_each_ranged', () => {
    const options: HamtOptions<number> = { bitWidth: 5, value: UINT }
    const { blocks, fresh } = counting()
    const created = Hamt.create(fresh(), options)
    for (let i = 0; i < 200; i++) created.set(text(i), i)
    const root = created.flush()
    expect(String(root)).toBe('bafy2bzacedy4ypl2vedhdqep3llnwko6vrtfiys5flciz2f3c55pl4whlhlqm')
    const hamt = Hamt.load(fresh(), root, options)
    expect([...hamt.entries()].map(([key]) => String.fromCharCode(...key))).toEqual(
      [...created.entries()].map(([, value]) => `${value}`),
    )
    hamt.set(text(10), 210)
    expect(hamt.delete(text(30))).toBe(true)
    expect(String(hamt.flush())).toBe('bafy2bzacecrxqeuuk34jsrol3azfpgy35ldw4bpgsa6pdxvzj262jzpvoekye')
    expect(blocks.stats).toEqual({ r: 30, w: 33, br: 2895, bw: 4321 })
  })

  test('clean_child_ordering', () => {
    const options: HamtOptions<number> = { bitWidth: 5, value: UINT }
    const key = (i: number) => Uint8Array.from(i < 128 ? [i] : [(i & 0x7f) | 0x80, i >> 7])
    const { blocks, fresh } = counting()
    const created = Hamt.create(fresh(), options)
    for (let i = 100; i < 195; i++) created.set(key(i), 42)
    const root = created.flush()
    expect(String(root)).toBe('bafy2bzacebqox3gtng4ytexyacr6zmaliyins3llnhbnfbcrqmhzuhmuuawqk')
    const hamt = Hamt.load(fresh(), root, options)
    hamt.delete(key(104))
    hamt.delete(key(108))
    const cleaned = hamt.flush()
    expect(String(cleaned)).toBe('bafy2bzacedlyeuub3mo4aweqs7zyxrbldsq2u4a2taswubudgupglu2j4eru6')
    expect(Hamt.load(fresh(), cleaned, options).has(key(105))).toBe(true)
    expect(blocks.stats).toEqual({ r: 3, w: 11, br: 1449, bw: 1751 })
  })

  const few = [['K'], ['B']] as const
  const many = [['K0', 'K1', 'KAA1', 'KAA2', 'KAA3'], ['KAA4']] as const
  test.each([
    [
      8,
      few,
      'bafy2bzacecosy45hp4sz2t4o4flxvntnwjy7yaq43bykci22xycpeuj542lse',
      { r: 2, w: 2, br: 38, bw: 38 },
    ],
    [
      8,
      many,
      'bafy2bzaceaqdaj5aqkwugr7wx4to3fahynoqlxuo5j6xznly3khazgyxihkbo',
      { r: 3, w: 4, br: 163, bw: 214 },
    ],
    [
      5,
      few,
      'bafy2bzacec3cquclaqkb32cntwtizgij55b7isb4s5hv5hv5ujbbeu6clxkug',
      { r: 2, w: 2, br: 22, bw: 22 },
    ],
    [
      6,
      few,
      'bafy2bzacebj7b2jahw7nxmu6mlhkwzucjmfq7aqlj52jusqtufqtaxcma4pdm',
      { r: 2, w: 2, br: 24, bw: 24 },
    ],
    [
      7,
      few,
      'bafy2bzacedrwwndijql6lmmtyicjwyehxtgey5fhzocc43hrzhetrz25v2k2y',
      { r: 2, w: 2, br: 28, bw: 28 },
    ],
    [
      5,
      many,
      'bafy2bzacedbiipe7l7gbtjandyyl6rqlkuqr2im2nl7d4bljidv5mta22rjqk',
      { r: 3, w: 4, br: 139, bw: 182 },
    ],
    [
      6,
      many,
      'bafy2bzaceb3c76qlbsiv3baogpao3zah56eqonsowpkof33o5hmncfow4seso',
      { r: 3, w: 4, br: 146, bw: 194 },
    ],
    [
      7,
      many,
      'bafy2bzacebhkyrwfexokaoygsx2crydq3fosiyfoa5bthphntmicsco2xf442',
      { r: 3, w: 4, br: 154, bw: 206 },
    ],
  ] as const)('canonical_structure with bit width %i', (bitWidth, [keys, extra], cid, stats) => {
    const options: HamtOptions<Uint8Array> = { bitWidth, value: BYTES, hash: 'identity' }
    const { blocks, fresh } = counting()
    const hamt = Hamt.create(fresh(), options)
    for (const [i, key] of keys.entries()) hamt.set(text(key), text(i))
    const first = Hamt.load(fresh(), hamt.flush(), options)
    for (const [i, key] of keys.entries()) expect(first.get(text(key))).toEqual(text(i))
    for (const key of extra) hamt.set(text(key), text(0))
    for (const key of extra) hamt.delete(text(key))
    const second = Hamt.load(fresh(), hamt.flush(), options)
    expect(String(first.flush())).toBe(cid)
    expect(String(second.flush())).toBe(cid)
    expect(blocks.stats).toEqual(stats)
  })
})

/**
 * Roots of the keys '0' to '199' with their numbers as values, of those with even numbers deleted, and of the last three odd ones, recorded by running
 * the reference.
 */
const ROOTS: readonly (readonly [
  bitWidth: number,
  maxBucket: number,
  minDataDepth: number,
  roots: string[],
])[] = [
  [
    1,
    3,
    0,
    [
      'bafy2bzacedgi4h3zydfpmcjtyrpzelhvzwl53k63gjp2hsbagof75dik7jjvu',
      'bafy2bzaceac6f3np3f6k7dsdedaouvce5inqnzkft7a2yjyfqx757mwxpchwm',
      'bafy2bzacebos25mjgo6ssw2qbgbtcg2tpr5atqqgcxbfa6ov2hwwvxnzpvgrs',
    ],
  ],
  [
    2,
    3,
    0,
    [
      'bafy2bzacedj2tu3hkyta6yju4rwxw5w5emwcjfhtkwrlutz3myypjpu7qg4bu',
      'bafy2bzacedwrdgf5grusscf6rokcbhlwivkvc3dok6ldae7y37jnl66qyrtmm',
      'bafy2bzaceciow5hrhawdhldxur24ofpte4htg5mb4mktzw5i5xgbmssqvxv52',
    ],
  ],
  [
    3,
    1,
    0,
    [
      'bafy2bzacecmbawietejuwqdmh7yntbndscp76a2wuepqwaszwsb7toytubsj6',
      'bafy2bzacebrp42eddxtljjdxd6mab6oar3ecxat2z6qzafopggzrcu3qkdb6q',
      'bafy2bzacedx3l62won37thmcozdsmf36tjrwboctm4jsoujpx3kiafksbksqg',
    ],
  ],
  [
    4,
    1,
    2,
    [
      'bafy2bzaceahn6umn2nt2ja3u4cvdsvxydhn3eggdpy3ehjzlq6rkpoxyzmkfs',
      'bafy2bzacecp6d772tniujqtxlmziggdgfudikbopfbrb56xavc4fvaoqak3q4',
      'bafy2bzaced6avpzmkoudqfuzh7owi4jr44xoav4tginx4ttpp3wlua6lzutx6',
    ],
  ],
  [
    5,
    3,
    0,
    [
      'bafy2bzacedy4ypl2vedhdqep3llnwko6vrtfiys5flciz2f3c55pl4whlhlqm',
      'bafy2bzaceangz5kq4btqsp7yuffoy3lkcuzw5y7lpzr7l5mkanzzupmgos3ha',
      'bafy2bzacebf2hgzjgz6y3nczp2d4pat7xjlzmbodxhcfvnrdaa7ptnqclz5se',
    ],
  ],
  [
    5,
    3,
    2,
    [
      'bafy2bzacec2yf3ny3z4qdwqgrlfqrttblnsib75trkpjmopydtkj32ywaempy',
      'bafy2bzacecretcae3k2cc6qpmv5mp57voevttiyrtx4gw2gp44aw7645t4444',
      'bafy2bzaceaucioapdatg5ke4tqkzhrrfmrwpopo724ul5oakbtnvvvu7gbpke',
    ],
  ],
  [
    6,
    2,
    1,
    [
      'bafy2bzacechmzlsfuslp4kttyajtxtsm6swkn6dyerhyatduivoic47ubwft2',
      'bafy2bzacebws5naehzrgj6csuiiajxvrr5er4cmql4omfqsadxehux2jtjqq6',
      'bafy2bzacebhgvbkyfes4234u26djkynmz56v47an5f532mvz4y2h7xeeejw6s',
    ],
  ],
  [
    7,
    3,
    0,
    [
      'bafy2bzacedxv2757l6qgup63mo6bnn7dayumc6d233m6mdnpfywcg3jtgdg2s',
      'bafy2bzaced3onbdwnx2rq3xduqdyj7y6wb53jod3amfkrecadcsicjr5kt5oc',
      'bafy2bzaceashbeboncshh6yjblghaoncnbpxb4lhf4iqec3wjqhf2dbuirbo4',
    ],
  ],
  [
    8,
    3,
    0,
    [
      'bafy2bzacechavrzks53ymka64lau5a5ifivzeavibl75z35krs5gyvklzjmwo',
      'bafy2bzaceanin4pwldnzdjdyepuhcyhbh7rqsfzhnhmtfanqtoh47eppryz3y',
      'bafy2bzacebkn6jzd4oykxhst2hl36i7dhr4vgykwdwnthluno6exqpkkk3rak',
    ],
  ],
  [
    8,
    1,
    1,
    [
      'bafy2bzacededrbaolt3ewvi7mopbkcbuthatpghms7qfv4ttvtqeoztrp6awe',
      'bafy2bzacec2xz2yn7iyk3ivv3qbs2ts7mnpswvojs7abyz6uwrkfq2gf4fiom',
      'bafy2bzaceabuqvgndwp5ltoak7pblokzyoweqirxns4tpng5xib2hh3delick',
    ],
  ],
]

describe('the shapes of the reference', () => {
  test.each(ROOTS)(
    'bit width %i, buckets of %i, data from depth %i',
    (bitWidth, maxBucket, minDataDepth, roots) => {
      const hamt = Hamt.create(new CborStore(new MemoryBlockstore(), crypto), {
        bitWidth,
        maxBucket,
        minDataDepth,
        value: UINT,
      })
      for (let i = 0; i < 200; i++) hamt.set(text(i), i)
      expect(String(hamt.flush())).toBe(roots[0])
      for (let i = 0; i < 200; i += 2) hamt.delete(text(i))
      expect(String(hamt.flush())).toBe(roots[1])
      for (let i = 1; i < 195; i += 2) hamt.delete(text(i))
      expect(String(hamt.flush())).toBe(roots[2])
      for (let i = 195; i < 200; i += 2) hamt.delete(text(i))
      expect(hamt.flush()).toEqual(
        Hamt.create(new CborStore(new MemoryBlockstore(), crypto), { bitWidth, value: UINT }).flush(),
      )
    },
  )
})
