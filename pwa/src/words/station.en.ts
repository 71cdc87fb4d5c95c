// English of the pack station: its keys, its scale, its printer.
export const station = {
  'notice.LabelStuck': 'A label is not printed. Look at the pack station.',
  'pack.lacking': 'Not there',
  'scale.connect.hid': 'Connect a USB scale',
  'scale.connect.serial': 'Connect a serial scale',
  'scale.empty': 'Put the parcel on the scale',
  'station.scan': 'Scan the station, or type its number',
  'stuck.elsewhere': 'Print at {name}',
  'stuck.how': 'It is tried again by itself. The printer says:',
  'stuck.seen': 'Understood',
  'stuck.title': 'The label is not printed',
  'void.not_sent': 'It is not sent',
  'void.printed_badly': 'Printed badly',
  'void.wrong_label': 'Wrong label',
  'weigh.fits': 'As expected',
  'weigh.over': '{grams} too heavy',
  'weigh.under': '{grams} too light',
}
