"""Says what is in photos:  python example.py photo.jpg  (Needs numpy, onnxruntime and pillow.)"""

import json
import sys
from pathlib import Path

import onnxruntime
from predictor import PhotoError, read_photo, short_side_of

card = json.loads(Path("card.json").read_text("utf-8"))
names, limits = [each["name"] for each in card["classes"]], card["sure"]
session = onnxruntime.InferenceSession("model.onnx")
for path in sys.argv[1:]:
    try:
        # uint8 [height, width, 3]: sRGB, upright, on white; big photos need not be decoded in full
        photo = read_photo(path, short_side=short_side_of(card))
    except PhotoError as error:
        print(json.dumps({"photo": path, "error": str(error)}))
        continue
    found, familiarity = session.run(["probabilities", "familiarity"], {"photo": photo})
    sure = found.max() >= limits["probability"] and familiarity >= limits["familiarity"]
    answer = {"label": names[found.argmax()], "sure": bool(sure)}
    print(json.dumps(answer | {"probabilities": dict(zip(names, map(float, found), strict=True))}))
