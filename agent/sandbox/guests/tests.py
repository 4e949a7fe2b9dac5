"""The guest that runs the tests. The program under test is in another sandbox: here are only stand-ins for its functions, which ask
over there. So there is nothing that the program could change, read, skip or end: it passes if all its answers do.
"""

import builtins


FORGED = "the program wrote what is no answer into the channel of its answers"


class Over(BaseException):
    """The program is gone. No test can catch this by `except Exception`."""


class Mute(Exception):
    """What was raised over there is no Exception: SystemExit and the like."""


class Program:
    def __init__(self, channel):
        self._channel = channel
        self.over = False

    def ask(self, question):
        if self.over:
            raise Over("the program ended before the tests did")
        try:
            self._channel.send(question)
            answer = self._channel.receive()
        except (EOFError, OSError):
            raise self.lost("the program ended before the tests did") from None
        except BaseException:
            raise self.lost(FORGED) from None
        if not isinstance(answer, dict):
            raise self.lost(FORGED)
        if "raised" in answer:
            raise raised(answer)
        return answer

    def lost(self, words):
        self.over = True
        return Over(words)

    def stand_in(self, name):
        def call(*args, **kwargs):
            packed = pack(args)
            answer = self.ask({"call": name, "args": packed, "kwargs": pack(kwargs)})
            try:
                value = unpack(answer["value"])
                after = unpack(answer["args"]) if "args" in answer else ()
                for mine, theirs in zip(args, after):
                    update(mine, theirs)
                return value
            except BaseException:
                raise self.lost(FORGED) from None

        call.__name__ = call.__qualname__ = name
        return call


def raised(answer):
    kind = getattr(builtins, str(answer.get("raised")), None)
    words, name = str(answer.get("words"))[:1000], str(answer.get("type"))[:100]
    if isinstance(kind, type) and issubclass(kind, Exception):
        try:
            error = kind(words)
        except TypeError:
            error = Exception(words)
    else:
        error = Mute(name + (": " + words if words else ""))
    error.over_there = name
    return error


def update(mine, theirs):
    """What the call did to a list, a dictionary or a set that it was given."""
    if type(mine) is not type(theirs) or mine == theirs:
        return
    if isinstance(mine, (list, bytearray)):
        mine[:] = theirs
    elif isinstance(mine, (dict, set)):
        mine.clear()
        mine.update(theirs)


def helpers_of(prompt):
    """What the prompt defines before the function that is to be completed: tests may use it. A prompt that is no code has none."""
    for text in (prompt, prompt + "\n    pass\n"):
        space = {}
        try:
            exec(compile(text, "<prompt>", "exec"), space)
            return space
        except Exception:
            continue
    return {}


def judge(limits):
    limit(limits)
    verdicts = Channel(4)
    verdicts.send("ready")
    job = verdicts.receive()
    try:
        verdicts.send(verdict_of(job, Program(Channel(3))))
    except BaseException as error:
        verdicts.send({"error": "the tests’ own guest failed: " + words_of(error)})


def verdict_of(job, program):
    entry, test = job["entry_point"], job["test"]
    space = helpers_of(job["prompt"])
    try:
        code = compile(test, "<test>", "exec")
    except (SyntaxError, ValueError) as error:
        return {"error": "the sample’s test is no Python: " + words_of(error)}
    try:
        names = program.ask({"load": job["program"]}).get("names")
        own = set(dir(builtins)) | set(space)
        for name in names if isinstance(names, list) else []:
            # Only where the test would find nothing under this name.
            if isinstance(name, str) and name not in own and name != "check" and not name.startswith("__"):
                space[name] = program.stand_in(name)
        if entry:
            space[entry] = program.stand_in(entry)
        exec(code, space)
        if entry:
            if not callable(space.get("check")):
                return {"error": "the sample’s test defines no function `check`, which is called with its entry point"}
            # As the last line of HumanEval's program: a test may have a function of that name itself.
            space["check"](space[entry])
    except BaseException as error:
        return {"passed": False, "why": words_of(error)}
    # A test that catches everything must not take the program's end for a right answer.
    return {"passed": not program.over, "why": "the program ended before the tests did" if program.over else ""}


def words_of(error):
    name = getattr(error, "over_there", type(error).__name__)
    text = str(error)[:1000]
    if isinstance(error, (Over, Mute)):
        return text
    line = error.__traceback__
    places = []
    while line is not None:
        if line.tb_frame.f_code.co_filename == "<test>":
            places.append(line.tb_lineno)
        line = line.tb_next
    return name + (": " + text if text else "") + (" (line %d of the test)" % places[-1] if places else "")
