import { describe, expect, it } from 'vitest'
import { Admission, networkOf } from '../../../ingest/rtmp/admission.ts'
import { BitrateWindow } from '../../../ingest/rtmp/bitrate-window.ts'

const connection = (name: string) => ({ name })

describe('admission', () => {
  it('evicts the oldest unverified neighbour, and no verified one', () => {
    const admission = new Admission({ connections: 10, unverifiedPerAddress: 2, failuresPerMinute: 5 })
    const [verified, first, second, third] = ['v', '1', '2', '3'].map(connection) as [object, object, object, object]
    admission.enter(verified, '192.0.2.1')
    admission.verified(verified)
    expect(admission.enter(first, '192.0.2.1')).toEqual({ admitted: true, evict: null })
    expect(admission.enter(second, '::ffff:192.0.2.1')).toEqual({ admitted: true, evict: null })
    expect(admission.enter(third, '192.0.2.1')).toEqual({ admitted: true, evict: first })
    expect(admission.enter(connection('4'), '192.0.2.2')).toEqual({ admitted: true, evict: null })
  })

  it('evicts the oldest unverified connection of anyone when all places are taken, else turns away', () => {
    const admission = new Admission({ connections: 2, unverifiedPerAddress: 5, failuresPerMinute: 5 })
    const [a, b, c] = ['a', 'b', 'c'].map(connection) as [object, object, object]
    admission.enter(a, '192.0.2.1')
    admission.enter(b, '192.0.2.2')
    admission.verified(a)
    expect(admission.enter(c, '192.0.2.3')).toEqual({ admitted: true, evict: b })
    admission.verified(c)
    expect(admission.enter(connection('d'), '192.0.2.4')).toEqual({ admitted: false })
    admission.leave(a)
    expect(admission.enter(connection('e'), '192.0.2.4')).toEqual({ admitted: true, evict: null })
  })

  it('counts failures by the minute and by address', () => {
    const admission = new Admission({ connections: 2, unverifiedPerAddress: 5, failuresPerMinute: 2 })
    expect([0, 10, 20].map((ms) => admission.failed('192.0.2.1', ms))).toEqual([1, 2, 3])
    expect(admission.overLimit('192.0.2.1', 59_999)).toBe(true)
    expect(admission.overLimit('192.0.2.2', 59_999)).toBe(false)
    expect(admission.overLimit('192.0.2.1', 60_000)).toBe(false)
    expect(admission.failed('192.0.2.1', 60_000)).toBe(1)
  })

  it('remembers a bounded number of addresses', () => {
    const admission = new Admission({ connections: 2, unverifiedPerAddress: 5, failuresPerMinute: 1 })
    admission.failed('192.0.2.1', 0)
    admission.failed('192.0.2.1', 0)
    for (let n = 0; n < 4_096; n++) admission.failed(`10.0.${n >> 8}.${n & 255}`, 1)
    expect(admission.overLimit('192.0.2.1', 2)).toBe(false)
  })

  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:DB8:1:2::9', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('takes %s for the network %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})

describe('the bitrate window', () => {
  it('averages over five seconds and forgets what is older', () => {
    const window = new BitrateWindow(1_000)
    window.add(100_000, 1_000)
    expect(window.averageBps(1_000)).toBe(160_000)
    expect(window.averageBps(5_999)).toBe(160_000)
    expect(window.averageBps(6_000)).toBe(0)
  })

  it('shows people the rate over the time that has passed', () => {
    const window = new BitrateWindow(0)
    for (let ms = 0; ms < 2_000; ms += 100) window.add(12_500, ms)
    expect(window.observedBps(2_000)).toBe(1_000_000)
  })
})
