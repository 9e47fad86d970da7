"""stub"""

from pinterest.sandbox import errors


def answer_control(sandbox, request):
    return errors.not_found().response()
