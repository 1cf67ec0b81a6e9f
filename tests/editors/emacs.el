;;; emacs.el --- `dunlint server' from Emacs -*- lexical-binding: t -*-
;;; Commentary:
;; Starts `dunlint server' with Eglot, waits for Flymake to show its diagnostics, and compares the marked words of
;; the threats with what `dunlint check' says.  Run by emacs.sh.
;;; Code:
(package-initialize)
(unless (require 'eglot nil t)
  (message "no Eglot here: Emacs is skipped (Emacs 29 has it; else apt-get install elpa-eglot)")
  (kill-emacs 0))
(require 'flymake)
(require 'json)

(let* ((bin (getenv "DUNLINT"))
       (file (getenv "DUNLINT_FILE"))
       (report (with-temp-buffer
                 (call-process bin nil '(t nil) nil "check" "--format" "json" file)
                 (goto-char (point-min))
                 (json-parse-buffer :object-type 'alist :array-type 'list)))
       (expected
        (sort (delq nil (mapcar (lambda (one)
                                  (unless (or (equal (alist-get 'level one) "note")
                                              (equal (alist-get 'confidence one) "medium"))
                                    (alist-get 'text one)))
                                (alist-get 'diagnostics report)))
              #'string<))
       (shown (lambda ()
                (sort (mapcar (lambda (one)
                                (buffer-substring-no-properties (flymake-diagnostic-beg one)
                                                                (flymake-diagnostic-end one)))
                              (flymake-diagnostics))
                      #'string<)))
       (eglot-sync-connect 60)
       (deadline (+ (float-time) 90)))
  (add-to-list 'eglot-server-programs `(text-mode . (,bin "server")))
  (find-file file)
  (text-mode)
  (apply #'eglot--connect (eglot--guess-contact))
  (eglot--maybe-activate-editing-mode)
  (while (and (< (float-time) deadline) (not (equal (funcall shown) expected)))
    (accept-process-output nil 0.1))
  (let ((found (funcall shown)))
    (unless (and expected (equal found expected))
      (message "emacs: not as in `dunlint check': %S, expected %S" found expected)
      (kill-emacs 1))
    (message "emacs %s: %d findings as in dunlint check" emacs-version (length found))
    (set-buffer-modified-p nil)
    (kill-emacs 0)))
;;; emacs.el ends here
