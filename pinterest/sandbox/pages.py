"""stub"""

from pinterest.sandbox import errors


def answer_page(sandbox, request):
    return errors.not_found().response()
