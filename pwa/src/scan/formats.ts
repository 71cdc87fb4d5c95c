// What a site prints and buys: other symbologies are not looked for, which makes reading faster and surer.
export const NATIVE = ['code_128', 'ean_13', 'ean_8', 'upc_a', 'upc_e', 'qr_code', 'data_matrix', 'itf', 'code_39'] as const
export const ZXING = ['Code128', 'EAN13', 'EAN8', 'UPCA', 'UPCE', 'QRCode', 'DataMatrix', 'ITF', 'Code39'] as const
