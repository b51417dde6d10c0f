"""The page that runs by itself: a folder of static files that classifies photos in a browser.

- `page/` holds the page as it is written into every export; `static_page` puts the folder together.
- `graph` prepares the model: a quick look for live video, and lighter weights.
- `icons` draws what a phone's home screen shows.
"""
