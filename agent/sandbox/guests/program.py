"""The guest that runs the program under test: it loads the program, and calls its functions when the other guest asks.

It is believed in nothing but the values that it answers with. It knows no test and no expected answer.
"""

import builtins


def serve(limits):
    limit(limits)
    channel = Channel(3)
    channel.send("ready")
    # As exec() in an empty namespace, which is how HumanEval's own harness runs a program.
    space = {}
    while True:
        try:
            question = channel.receive()
        except EOFError:
            return
        try:
            channel.send(answer(question, space))
        except BaseException as error:
            channel.send(failure(error))


def answer(question, space):
    if "load" in question:
        exec(compile(question["load"], "<program>", "exec"), space)
        return {"names": [name for name, value in space.items() if isinstance(name, str) and callable(value)][:1000]}
    args, kwargs = unpack(question["args"]), unpack(question["kwargs"])
    value = pack(space[question["call"]](*args, **kwargs))
    after = pack(args)
    # Lists and dictionaries that the call has changed are changed over there as well.
    return {"value": value, **({"args": after} if after != question["args"] else {})}


def failure(error):
    """Of an exception only the built-in type and its words cross."""
    try:
        name = next((t.__name__ for t in type(error).__mro__ if getattr(builtins, t.__name__, None) is t), "Exception")
        own, words = type(error).__name__[:100], str(error)[:1000]
    except BaseException:
        name, own, words = "Exception", "an exception without words", ""
    return {"raised": name, "words": words, "type": own}
