"""The process that talks to Hugging Face; `talk.py` starts it and listens to it.

A process of its own, because an upload through huggingface_hub can't be stopped from inside, its
requests have no time limit unless one is set for the whole process, and it reads its settings from
the environment when it is imported. What it is asked comes as one line of JSON on standard input,
what it has to tell goes as lines of JSON to standard output; a token is in neither file nor
argument. When standard input closes, whoever asked is gone, and so is this process.
"""
