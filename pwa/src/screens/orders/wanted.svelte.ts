// Which orders are looked for: kept while another screen is open, so that one comes back to the same list.
export const wanted = $state({ q: '', state: '', channel: '', site: '', late: false, held: false })
