"""Getting photos from the web: politely, with limits, and never from inside the own network.

- `identity` says who asks.
- `rules` (`WebRules`) say what every download has to keep to.
- `downloads` (`Downloads`) fetches many photos at once, `link` (`fetch_photo`) a single one.
- `outcomes` (`Fetched`, `Skipped`) is what comes of it.
- `addresses` judges where links lead; `connections`, made by `backends`, lead nowhere else;
  `proxies` knows when to go through one.
- `fetch`, `bodies`, `unpacking` and `robots` read answers.
- `download_scheduler`, `hosts` and `byte_budget` share time, servers and memory out among many.
"""
