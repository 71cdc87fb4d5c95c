// What is looked for in the stock: kept while another screen is open.
export const looked = $state<{ q: string; site: string; by: 'sku' | 'bin' }>({ q: '', site: '', by: 'sku' })
