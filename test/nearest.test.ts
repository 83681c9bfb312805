import { test } from 'tap'
import { nearest } from '../lib/nearest.js'

test('a slip of the fingers finds the word that was meant', async (t) => {
  t.equal(nearest('compresion', ['dest', 'compression', 'compression-level']), 'compression')
  t.equal(nearest('Push', ['push', 'pull']), 'push')
  t.equal(nearest('nmae', ['name', 'tar']), 'name')
  t.equal(nearest('tra', ['name', 'tar']), 'tar', 'letters that changed places are one edit')
  t.equal(nearest('txy', ['name', 'tar']), null, 'three letters allow one')
})

test('nothing is suggested for a word that resembles none', async (t) => {
  t.equal(nearest('frobnicate', ['dest', 'name', 'tar']), null)
  t.equal(nearest('x', []), null)
})
