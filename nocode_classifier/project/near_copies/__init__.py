"""Which photos are near copies of each other, told in three ways, each for what it is good at.

- The **perceptual hash** (64 bits of each photo) tells at the first look that two are one picture,
  also after it was made smaller or compressed; it is compared in `near_duplicates.py`.
- The **cosine of features** tells it of cropped, brighter and mirrored copies as well, once a
  backbone has looked at the photos; with the hash it keeps near duplicates on one side when
  accuracy is measured (`near_duplicates.py`), where joining two too many does little harm.
- The **likeness** (a picture of 32 × 32, laid over others in `likeness.py`, which `candidates.py`
  chooses and `alignment.py` fits) tells it of cropped copies without a backbone, and is hardly ever
  wrong: a photo from the web is left out, or one that was taken down stays away, because of it.

`index.py` knows what every photo of a project looks like.
"""
