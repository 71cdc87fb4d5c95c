// The screens, who may open them, and how they are called in the menu.
import type { Component } from 'svelte'
import type { IconName } from '../ui/icons'
import type { Key } from '../words'
import Attention from './Attention.svelte'
import Tasks from './Tasks.svelte'
import Work from './work/Work.svelte'

/** A screen that is fetched when it is first opened: what the floor does not need. */
export interface Later {
  readonly load: () => Promise<{ readonly default: Component }>
}
export interface Place {
  readonly name: string
  readonly title: Key
  readonly icon: IconName
  readonly screen: Component | Later
  /** The permissions of which any opens it; none is everyone signed in. */
  readonly needs: readonly string[]
  /** Without the menu beside it. */
  readonly alone?: boolean
  /** The screen of the menu that this one belongs to; it has no entry of its own. */
  readonly within?: string
}

export const PLACES: readonly Place[] = [
  { name: 'tasks', title: 'place.tasks', icon: 'tasks', screen: Tasks, needs: ['pick'] },
  { name: 'task', title: 'place.task', icon: 'tasks', screen: Work, needs: ['pick'], alone: true, within: 'tasks' },
  { name: 'pack', title: 'place.pack', icon: 'pack', screen: { load: () => import('./pack/Pack.svelte') }, needs: ['pack'] },
  { name: 'ship', title: 'place.ship', icon: 'ship', screen: { load: () => import('./Ship.svelte') }, needs: ['ship'] },
  { name: 'floor', title: 'place.floor', icon: 'floor', screen: { load: () => import('./floor/Floor.svelte') }, needs: ['supervise'] },
  { name: 'plan', title: 'place.plan', icon: 'floor', screen: { load: () => import('./plan/Plan.svelte') }, needs: ['supervise'], within: 'floor' },
  { name: 'orders', title: 'place.orders', icon: 'orders', screen: { load: () => import('./orders/Orders.svelte') }, needs: ['office'] },
  { name: 'order', title: 'place.order', icon: 'orders', screen: { load: () => import('./orders/Order.svelte') }, needs: ['office'], within: 'orders' },
  { name: 'stock', title: 'place.stock', icon: 'stock', screen: { load: () => import('./stock/Stock.svelte') }, needs: ['office', 'stock'] },
  { name: 'sku', title: 'place.sku', icon: 'stock', screen: { load: () => import('./stock/Sku.svelte') }, needs: ['office', 'stock'], within: 'stock' },
  { name: 'bin', title: 'place.bin', icon: 'stock', screen: { load: () => import('./stock/Bin.svelte') }, needs: ['office', 'stock'], within: 'stock' },
  { name: 'imports', title: 'place.imports', icon: 'imports', screen: { load: () => import('./imports/Imports.svelte') }, needs: ['office', 'stock'] },
  { name: 'import', title: 'place.import', icon: 'imports', screen: { load: () => import('./imports/Import.svelte') }, needs: ['office', 'stock'], within: 'imports' },
  { name: 'people', title: 'place.people', icon: 'people', screen: { load: () => import('./people/People.svelte') }, needs: ['supervise'] },
  { name: 'devices', title: 'place.devices', icon: 'device', screen: { load: () => import('./devices/Devices.svelte') }, needs: ['supervise'] },
  { name: 'settings', title: 'place.settings', icon: 'settings', screen: { load: () => import('./settings/Settings.svelte') }, needs: ['admin'] },
  { name: 'attention', title: 'place.attention', icon: 'attention', screen: Attention, needs: [] },
  { name: 'device', title: 'place.device', icon: 'device', screen: { load: () => import('./Device.svelte') }, needs: [] },
]
