/** What servers and proxies in the wild wrote before the JSON of their answers; for the switch `prelude`. */
export const preludes = {
  'a byte order mark': '\u{FEFF}',
  'a notice in HTML':
    '<br />\n<b>Notice</b>: Undefined index: shop_no in <b>/app/{oauth}/Token.php</b> on line <b>7</b><br />\n',
  'a warning in text': 'Warning: Cannot modify header information - headers already sent\n',
  'a whole page':
    '<!doctype html><html><head><style>body{margin:0}</style></head><body>Busy</body></html>\n',
} as const;
