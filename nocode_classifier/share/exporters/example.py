"""Says what is in photos:  python example.py photo.jpg  (Needs numpy, onnxruntime and pillow.)"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image, ImageOps

card = json.loads(Path("card.json").read_text("utf-8"))
names, limits = [each["name"] for each in card["classes"]], card["sure"]
session = onnxruntime.InferenceSession("model.onnx")
side = card["input_size"] * 15 // 14  # big photos need not be decoded in full
for path in sys.argv[1:]:
    image = Image.open(path)
    image.draft(None, (2 * side, 2 * side))
    small = image.convert("RGBA").convert("RGBa").reduce(max(min(image.size) // side, 1))
    upright = ImageOps.exif_transpose(small).convert("RGBA")
    on_white = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright)
    photo = np.asarray(on_white.convert("RGB"))
    found, familiarity = session.run(["probabilities", "familiarity"], {"photo": photo})
    sure = found.max() >= limits["probability"] and familiarity >= limits["familiarity"]
    answer = {"label": names[found.argmax()], "sure": bool(sure)}
    print(json.dumps(answer | {"probabilities": dict(zip(names, map(float, found), strict=True))}))
